package io.trafilo.bench.plain;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A bounded queue of messages, a fixed pool of workers, and a concurrent map of states, each with a deque of timestamps under
 * its own monitor. Workers take what is there in batches, so that the queue's lock is paid for twice a batch.
 *
 * <p>Thread-safe. {@link #put} blocks while the queue is full, {@link #offer} never.
 */
public final class PlainEngine implements AutoCloseable {
    private static final int BATCH = 64;
    private static final long CLOSE_SECONDS = 10;
    private static final Message END = new Message(new byte[0], 0);

    private final BlockingQueue<Message> queue;
    private final ConcurrentHashMap<String, State> states = new ConcurrentHashMap<>();
    private final ExecutorService workers;
    private final int workerCount;
    private final LongSupplier clock;
    private final Handler handler;
    private final Sink sink;
    private final long windowNanos;
    private final long slideNanos;
    private final LongAdder handled = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder accepted = new LongAdder();

    /** Sees each event, in a worker and under the key's monitor, before it is counted. */
    @FunctionalInterface
    public interface Handler {
        /** The payload of the message begins at the offset. */
        void onEvent(byte[] message, int payloadOffset, long receiptNanos);
    }

    /** Takes a key's window each slide interval, in a worker and under the key's monitor. */
    @FunctionalInterface
    public interface Sink {
        /** Of {@code events} in all, {@code count} are in the window. */
        void onWindow(String key, long events, int count, long oldestNanos, long newestNanos);
    }

    /** A message and its time of receipt. */
    private static final class Message {
        final byte[] bytes;
        final long receiptNanos;

        Message(byte[] bytes, long receiptNanos) {
            this.bytes = bytes;
            this.receiptNanos = receiptNanos;
        }
    }

    /** One key's counts and the timestamps in its window. Guarded by its own monitor. */
    private static final class State {
        final ArrayDeque<Long> timestamps = new ArrayDeque<>();
        long events;
        boolean emitted;
        long lastEmissionNanos;
    }

    /** Starts the workers. */
    public PlainEngine(
            int workerCount,
            int queueCapacity,
            Duration window,
            Duration slide,
            LongSupplier clock,
            Handler handler,
            Sink sink) {
        this.queue = new ArrayBlockingQueue<>(queueCapacity);
        this.windowNanos = window.toNanos();
        this.slideNanos = slide.toNanos();
        this.clock = clock;
        this.handler = handler;
        this.sink = sink;
        this.workerCount = workerCount;
        this.workers = Executors.newFixedThreadPool(workerCount);
        for (int i = 0; i < workerCount; i++) {
            workers.execute(this::work);
        }
    }

    /**
     * Queues a message, which belongs to the engine from then on; waits while the queue is full.
     *
     * @param message the bytes of the message: the key up to the first space, then the payload
     * @throws InterruptedException if interrupted while waiting; the message is not taken
     */
    public void put(byte[] message) throws InterruptedException {
        Message timed = new Message(message, clock.getAsLong());
        accepted.increment(); // before a worker can count an outcome
        boolean queued = false;
        try {
            queue.put(timed);
            queued = true;
        } finally {
            if (!queued) {
                accepted.decrement();
            }
        }
    }

    /**
     * Queues a message, which belongs to the engine from then on, if there is room.
     *
     * @param message as for {@link #put}
     * @return whether it was taken
     */
    public boolean offer(byte[] message) {
        accepted.increment();
        boolean queued = queue.offer(new Message(message, clock.getAsLong()));
        if (!queued) {
            accepted.decrement();
        }
        return queued;
    }

    /** How many messages the workers have handled. */
    public long handled() {
        return handled.sum();
    }

    /** How many messages had no key. */
    public long malformed() {
        return malformed.sum();
    }

    /** How many messages failed because the sink or the clock threw. */
    public long failed() {
        return failed.sum();
    }

    /** How many messages have no outcome: those that wait or are being handled, and after a close those that were lost. */
    public long unfinished() {
        return accepted.sum() - handled() - malformed() - failed();
    }

    /**
     * Handles what is queued, then ends the workers; waits 10 s at most. What was lost for lack of time is then
     * {@link #unfinished}. Nothing may be put any more.
     */
    @Override
    public void close() {
        closeWithin(Duration.ofSeconds(CLOSE_SECONDS));
    }

    void closeWithin(Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        workers.shutdown();
        try {
            for (int i = 0; i < workerCount; i++) {
                boolean unused = queue.offer(END, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            if (!workers.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** How many messages wait in the queue. */
    public int queued() {
        return queue.size();
    }

    /** How many timestamps are in the windows of all keys. Goes through all of them. */
    public long retainedTimestamps() {
        long sum = 0;
        for (State state : states.values()) {
            synchronized (state) {
                sum += state.timestamps.size();
            }
        }
        return sum;
    }

    private void work() {
        List<Message> batch = new ArrayList<>(BATCH);
        try {
            int ends = 0;
            while (ends == 0) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                for (Message message : batch) {
                    if (message == END) {
                        ends++;
                    } else {
                        handleOrCount(message);
                    }
                }
                batch.clear();
            }
            for (; ends > 1; ends--) {
                queue.put(END); // there is one for each worker
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void handleOrCount(Message message) {
        try {
            handle(message);
        } catch (Throwable error) { // a worker that ended here would leave the queue to the others, or to nobody
            failed.increment();
        }
    }

    private void handle(Message message) {
        byte[] bytes = message.bytes;
        int keyLength = 0;
        while (keyLength < bytes.length && bytes[keyLength] != ' ') {
            keyLength++;
        }
        if (keyLength == 0) {
            malformed.increment();
            return;
        }
        String key = new String(bytes, 0, keyLength, StandardCharsets.ISO_8859_1);
        State state = states.get(key); // computeIfAbsent may lock, even for a key that is there
        if (state == null) {
            state = states.computeIfAbsent(key, made -> new State());
        }
        synchronized (state) {
            handler.onEvent(bytes, Math.min(keyLength + 1, bytes.length), message.receiptNanos);
            update(key, state, message.receiptNanos, clock.getAsLong());
        }
        handled.increment();
    }

    private void update(String key, State state, long receiptNanos, long nowNanos) {
        state.events++;
        state.timestamps.addLast(receiptNanos);
        long startNanos = nowNanos - windowNanos;
        for (Long oldest = state.timestamps.peekFirst();
                oldest != null && oldest - startNanos < 0;
                oldest = state.timestamps.peekFirst()) {
            state.timestamps.removeFirst();
        }
        if (!state.emitted || nowNanos - state.lastEmissionNanos >= slideNanos) {
            state.emitted = true;
            state.lastEmissionNanos = nowNanos;
            boolean empty = state.timestamps.isEmpty();
            sink.onWindow(
                    key,
                    state.events,
                    state.timestamps.size(),
                    empty ? nowNanos : state.timestamps.getFirst(),
                    empty ? nowNanos : state.timestamps.getLast());
        }
    }
}
