package io.trafilo.bench.jmh;

import io.trafilo.EventParser;
import io.trafilo.WaitMode;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a listener through the ring to the parser. An operation is a message of 64 bytes: published together with others of one
 * read, claimed by a worker in a run, copied out, released and parsed; an invocation publishes many and waits until all are
 * parsed. The parser searches the whole message and finds no event. Left out: network, key hash and shards.
 */
@State(Scope.Thread)
public class RingBenchmark extends OperationsPerSecond {
    private static final int MESSAGES = 1 << 16;
    private static final int MESSAGE_BYTES = 64;

    /** How many workers. */
    @Param({"1", "2", "4"})
    public int workers = 1;

    /** How many messages a worker claims at a time, at the most. */
    @Param({"1", "8", "64", "512"})
    public int maxClaim = 1;

    /** How many messages the listener publishes with one claim. */
    @Param({"1", "32"})
    public int published = 1;

    private final byte[] message = new byte[MESSAGE_BYTES];
    private byte[][] read;
    private RunPool pool;
    private Intake<byte[]> intake;
    private long messages;

    /** Every buffer is the same array, which nobody changes. */
    private static final class Arrayed implements BufferAccess<byte[]> {
        @Override
        public int length(byte[] buffer) {
            return buffer.length;
        }

        @Override
        public void copyTo(byte[] buffer, byte[] destination, int offset) {
            System.arraycopy(buffer, 0, destination, offset, buffer.length);
        }

        @Override
        public void release(byte[] buffer) {
            // nothing to give back
        }
    }

    /** Starts the workers. */
    @Setup
    public void setUp() {
        Arrays.fill(message, (byte) 'x');
        read = new byte[published][];
        pool = new RunPool(RunPool.settings(workers, maxClaim, WaitMode.PARK), EventParser.firstToken());
        intake = pool.openIntake(new Arrayed());
    }

    /** Every message was parsed. */
    @TearDown
    public void tearDown() {
        pool.close();
        Expect.same("parsed", pool.parsed(), messages);
    }

    /** Many messages, published and parsed. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long publishToParsed() {
        for (int i = 0; i < MESSAGES; i += published) {
            Arrays.fill(read, message);
            intake.publish(read, published, intake.epochNanos());
        }
        messages += MESSAGES;
        Expect.await(() -> pool.parsed() >= messages);
        return messages;
    }
}
