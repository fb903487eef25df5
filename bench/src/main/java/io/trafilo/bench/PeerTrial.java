package io.trafilo.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs peers, one at a time: each is started, blasted at to warm it up and again to measure it, asked what it has handled, and ended.
 * What its socket dropped is the kernel's count, so what it read is known whatever it tells itself. For one thread.
 */
final class PeerTrial {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** For what it still has in hand when its socket is empty. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final TrafficOptions traffic;
    private final Duration warmup;
    private final Duration duration;
    private final StopSignal signal;

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** What was sent and what came of it, until all was handled. */
    private record Phase(BlastResult sent, long dropped, Duration cpu) {
        long read() {
            return sent.sent() - dropped;
        }
    }

    PeerTrial(TrafficOptions traffic, Duration warmup, Duration duration, StopSignal signal) {
        this.traffic = traffic;
        this.warmup = warmup;
        this.duration = duration;
        this.signal = signal;
    }

    /** Throws {@link FailureException} if the peer failed and others need not. */
    PeerRun run(Peer.Program program, int round) throws IOException, InterruptedException {
        Peer peer = program.peer();
        try (PeerPlace place = PeerPlace.create();
                PeerProcess process = PeerProcess.start(program, place)) {
            await(process::listens, peer + " opens no socket");
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), place.port());
            try (BlasterProcess blaster = BlasterProcess.start(traffic, address, 0)) {
                Phase before = phase(peer, process, blaster, warmup);
                Phase measured = phase(peer, process, blaster, duration);
                long read = before.read() + measured.read();
                return new PeerRun(
                        peer.toString(),
                        round,
                        measured.sent().sent(),
                        measured.sent().seconds(),
                        measured.dropped(),
                        measured.cpu().toNanos() / 1e9,
                        read,
                        handled(peer, process, read),
                        blaster.ready().ceiling());
            }
        }
    }

    private Phase phase(Peer peer, PeerProcess process, BlasterProcess blaster, Duration length)
            throws IOException, InterruptedException {
        long droppedBefore = process.sockets().drops();
        Duration cpuBefore = process.cpu();
        blaster.begin(length);
        BlastResult sent = null;
        for (long left = length.toNanos() + PATIENCE_NANOS; sent == null; left -= POLL_NANOS) {
            sent = blaster.await(POLL_NANOS);
            checkGoingOn();
            if (sent == null && left < 0) {
                throw new FailureException("the sender does not end");
            }
        }
        await(() -> process.listens() && process.sockets().queuedBytes() == 0, peer + " does not read its socket");
        pause(SETTLE_NANOS);
        if (sent.failed() > 0) {
            throw new FailureException("not everything was sent to " + peer + ": " + sent.sendErrors());
        }
        return new Phase(
                sent, process.sockets().drops() - droppedBefore, process.cpu().minus(cpuBefore));
    }

    /** The peer's own count: when it has reached the kernel's, or will no more. */
    private long handled(Peer peer, PeerProcess process, long read) throws IOException, InterruptedException {
        if (peer.isEngine()) {
            process.close();
            return process.handled();
        }
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        long handled = process.handled();
        while (handled < read && System.nanoTime() - deadlineNanos < 0) {
            pause(SETTLE_NANOS);
            handled = process.handled();
        }
        return handled;
    }

    private void await(Condition condition, String complaint) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new FailureException(complaint);
            }
            pause(POLL_NANOS);
        }
    }

    private void pause(long nanos) throws InterruptedException {
        if (signal.await(nanos)) {
            checkGoingOn();
        }
    }

    private void checkGoingOn() {
        if (signal.isRequested()) {
            throw new FailureException("stopped");
        }
    }
}
