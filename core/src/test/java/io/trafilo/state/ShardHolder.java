package io.trafilo.state;

import io.trafilo.testing.Parts;
import java.util.concurrent.CountDownLatch;

/** A thread that holds one shard until this is closed, as one does that hangs in a callback. */
public final class ShardHolder implements AutoCloseable {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    /** Returns when the shard is held. */
    public ShardHolder(Shards<?> shards, int shard) {
        ShardLock lock = lockOf(shards, shard);
        thread = new Thread(() -> hold(lock), "holder of shard " + shard);
        thread.setDaemon(true);
        thread.start();
        await(held);
    }

    private static ShardLock lockOf(Shards<?> shards, int shard) {
        try {
            return ((Shard<?>[]) Parts.partOf(shards, "shards"))[shard].lock;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hold(ShardLock lock) {
        lock.lock();
        held.countDown();
        await(over);
        lock.unlock();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
