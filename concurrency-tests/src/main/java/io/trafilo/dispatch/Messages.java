package io.trafilo.dispatch;

import java.util.Arrays;

/**
 * Numbered messages whose bytes show whether they are whole, and a reader that records what it sees. It takes messages out
 * of a ring in runs, with the parts that a {@link Worker} uses. Belongs to one thread.
 */
final class Messages {
    /** Message {@code n} of publisher {@code p} is number {@code p * STRIDE + n}. */
    static final int STRIDE = 8;

    static final int MAX_LENGTH = 8;

    /** The time of receipt of messages that come in batches. Other messages have their number as time of receipt. */
    static final long BATCH_NANOS = 1_000;

    private static final byte[][] MESSAGES = new byte[4 * STRIDE][];

    static {
        for (int number = 0; number < MESSAGES.length; number++) {
            MESSAGES[number] = new byte[lengthOf(number)];
            Arrays.fill(MESSAGES[number], (byte) number);
        }
    }

    private final MessageRing ring;
    private final WorkCursor cursor;
    private final int worker;
    private final MessageBatch batch;
    private final int[] newestOfPublisher = {-1, -1, -1, -1};

    /** One bit per message seen. */
    int seen;

    /** How many messages were seen twice, not whole, or before an earlier one of their publisher. */
    int wrong;

    Messages(MessageRing ring, WorkCursor cursor, int worker) {
        this.ring = ring;
        this.cursor = cursor;
        this.worker = worker;
        this.batch = new MessageBatch(ring.capacity(), MAX_LENGTH);
    }

    /** Lengths differ, so that a mix of two messages shows. */
    static int lengthOf(int number) {
        return 1 + number * 3 % MAX_LENGTH;
    }

    /** Must not be changed. */
    static byte[] message(int number) {
        return MESSAGES[number];
    }

    static boolean offer(MessageRing ring, int number) {
        return ring.offer(message(number), 0, lengthOf(number), number);
    }

    static void offerUntilTaken(MessageRing ring, int number) {
        Patience patience = new Patience();
        while (!offer(ring, number)) {
            patience.yieldOnce();
        }
    }

    /** Takes one run out of the ring; false if there was none. */
    boolean takeRun() {
        long last = cursor.claim(worker, ring.available());
        if (last < 0) {
            return false;
        }
        batch.clear();
        for (long sequence = cursor.firstOfRun(worker); sequence <= last; sequence++) {
            batch.take(ring.slot(sequence));
        }
        cursor.finish(worker);
        wrong += batch.takeFailed();
        for (int i = 0; i < batch.count(); i++) {
            see(batch.scratch, batch.offset(i), batch.length(i), batch.receiptNanos(i));
        }
        return true;
    }

    /** Takes runs until the ring is sealed and nothing is left. */
    void takeAll() {
        Patience patience = new Patience();
        while (!ring.drained()) {
            if (!takeRun()) {
                patience.yieldOnce();
            }
        }
    }

    void see(byte[] buffer, int offset, int length, long receiptNanos) {
        int number = buffer[offset];
        boolean whole = length == lengthOf(number) && (receiptNanos == number || receiptNanos == BATCH_NANOS);
        for (int i = 0; i < length; i++) {
            whole &= buffer[offset + i] == number;
        }
        if (!whole || (seen & 1 << number) != 0 || number <= newestOfPublisher[number / STRIDE]) {
            wrong++;
            return;
        }
        newestOfPublisher[number / STRIDE] = number;
        seen |= 1 << number;
    }
}
