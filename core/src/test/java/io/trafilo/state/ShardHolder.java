package io.trafilo.state;

import io.trafilo.testing.Gate;
import io.trafilo.testing.Parts;

/** A thread that holds one shard until it is let go, as one does that hangs in a callback. */
public final class ShardHolder {
    private final Gate held = new Gate();
    private final Gate over = new Gate();
    private final Thread thread;

    /** Returns when the shard is held. */
    public ShardHolder(Shards<?> shards, int shard) {
        ShardLock lock = lockOf(shards, shard);
        thread = new Thread(() -> hold(lock), "holder of shard " + shard);
        thread.setDaemon(true);
        thread.start();
        held.pass();
    }

    private static ShardLock lockOf(Shards<?> shards, int shard) {
        try {
            return ((Shard<?>[]) Parts.partOf(shards, "shards"))[shard].lock;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hold(ShardLock lock) {
        lock.tryLock();
        held.open();
        over.pass();
        lock.unlock();
    }

    public void letGo() {
        over.open();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
