package io.trafilo.bench;

import io.trafilo.bench.plain.PlainEngine;
import io.trafilo.bench.plain.PlainUdpListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The baseline written with the JDK alone, with its socket, under load. */
final class PlainTarget implements LoadTarget {
    private final PlainEngine engine;
    private final PlainUdpListener listener;
    private final int capacity;
    private final Socket socket;
    private long dropsAtClose = -1;

    /** The last window of any key, so that making it is not for nothing. */
    private volatile long windowCount;

    PlainTarget(LoadSettings settings, LatencyRecorder latencies) throws IOException {
        EngineOptions options = settings.engineOptions();
        capacity = options.ring;
        engine = new PlainEngine(
                options.workerCount(),
                capacity,
                options.window,
                options.slide,
                System::nanoTime,
                (message, payloadOffset, receiptNanos) -> latencies.record(
                        ByteBuffer.wrap(message).getLong(payloadOffset), receiptNanos, System.nanoTime()),
                (key, events, count, oldestNanos, newestNanos) -> windowCount = count);
        try {
            listener = new PlainUdpListener(
                    engine, settings.listener().receiveBufferBytes, Math.max(settings.traffic().sizeBytes, 2048));
        } catch (IOException refused) {
            engine.close();
            throw refused;
        }
        socket = new Socket(listener.address(), "DatagramSocket", listener.receiveBufferBytes());
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public LoadCounts counts() {
        long dropped = dropsAtClose >= 0
                ? dropsAtClose
                : Proc.udpSockets(socket.address().getPort()).drops();
        long handled = engine.handled();
        long withOutcome = handled + engine.malformed() + engine.failed();
        long received = listener.received();
        List<String> imbalances = new ArrayList<>();
        if (dropsAtClose >= 0 && received != withOutcome) {
            imbalances.add("received = " + received + ", but handled + malformed + failed = " + withOutcome);
        }
        Map<String, Long> details = new LinkedHashMap<>();
        details.put("received", received);
        details.put("kernelDropped", dropped);
        details.put("handled", handled);
        details.put("malformed", engine.malformed());
        details.put("failed", engine.failed());
        details.put("lastWindowCount", windowCount);
        Map<String, Long> lost = new LinkedHashMap<>();
        lost.put(LoadCounts.KERNEL, dropped);
        lost.put("parser", engine.malformed());
        lost.put("state", engine.failed());
        return new LoadCounts(received, handled, received - withOutcome, lost, imbalances, details);
    }

    @Override
    public double ringFill() {
        return (double) engine.queued() / capacity;
    }

    @Override
    public long retainedTimestamps() {
        return engine.retainedTimestamps();
    }

    @Override
    public void close() {
        dropsAtClose = Proc.udpSockets(socket.address().getPort()).drops();
        listener.close();
        engine.close();
    }
}
