package io.trafilo.bench.jmh;

import io.trafilo.EventParser;
import io.trafilo.WaitMode;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The engine's worker pool, which claims runs, against {@link PerEventPool}, which claims each message by itself. An operation is
 * a message of some bytes: copied into the ring, claimed, and searched by a parser that finds no event in it; an invocation
 * offers many, yielding while the ring is full, and waits until all are parsed. Workers yield while there is nothing, in both.
 * The engine's also copy each message out, read the clock for each run and look after timers. Left out: network, key hash and
 * shards.
 */
@State(Scope.Thread)
public class WorkerPoolBenchmark extends OperationsPerSecond {
    private static final int MESSAGES = 1 << 16;
    private static final int MAX_CLAIM = 64;

    /** Whose claims. */
    @Param({"runs", "perEvent"})
    public String claims = "runs";

    /** How many workers. */
    @Param({"1", "2", "4"})
    public int workers = 1;

    /** The length of a message in bytes, which is what a worker has to do for it. */
    @Param({"64", "1024"})
    public int messageBytes = 64;

    private byte[] message;
    private MessagePool pool;
    private long messages;

    /** Starts the workers. */
    @Setup
    public void setUp() {
        message = new byte[messageBytes];
        Arrays.fill(message, (byte) 'x');
        EventParser parser = EventParser.firstToken();
        pool = claims.equals("perEvent")
                ? new PerEventPool(workers, RunPool.CAPACITY, parser)
                : new RunPool(RunPool.settings(workers, MAX_CLAIM, WaitMode.YIELD), parser);
    }

    /** Every message was parsed. */
    @TearDown
    public void tearDown() {
        pool.close();
        Expect.same("parsed", pool.parsed(), messages);
    }

    /** Many messages, put in and parsed. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long offerToParsed() {
        for (int i = 0; i < MESSAGES; i++) {
            while (!pool.offer(message)) {
                Thread.yield();
            }
        }
        messages += MESSAGES;
        Expect.await(() -> pool.parsed() >= messages);
        return messages;
    }
}
