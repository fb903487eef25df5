package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** At full rate and for long, each window's sum is that of its events, as close as {@link AggregateSet#sum} promises. */
@Tag("slow")
class ExactSumSystemTest {
    private static final int SECONDS = Integer.getInteger("trafilo.exactSum.seconds", 5);
    private static final int KEYS = 16;

    /** A key's values, in turn. The large ones cancel; a running sum in doubles loses digits of the others each time. */
    private static final double[] CYCLE = {1e9, 0.1, -1e9, 3};

    /** At least the sum of the absolute values of a cycle. */
    private static final BigDecimal ABSOLUTE_PER_CYCLE = BigDecimal.valueOf(2_000_000_004);

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private long windows; // written by the only worker
    private double worst;

    private static void parse(byte[] buffer, int offset, int length, EventCollector out) {
        out.event(offset, 4, offset + 4, length - 4).value((double) DOUBLES.get(buffer, offset + 4));
    }

    private void check(WindowView window, Object state) {
        long to = window.total();
        long from = to - window.count();
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < CYCLE.length; i++) {
            long times = timesBelow(to, i) - timesBelow(from, i);
            sum = sum.add(new BigDecimal(CYCLE[i]).multiply(BigDecimal.valueOf(times)));
        }
        BigDecimal bound = sum.abs()
                .multiply(powerOfTwo(-53))
                .add(ABSOLUTE_PER_CYCLE
                        .multiply(BigDecimal.valueOf(window.count() / CYCLE.length + 1))
                        .multiply(BigDecimal.valueOf(window.count() + 64))
                        .multiply(powerOfTwo(-104)));
        BigDecimal error = new BigDecimal(window.sum()).subtract(sum).abs();
        windows++;
        worst = Math.max(worst, error.divide(bound, MathContext.DECIMAL32).doubleValue());
    }

    private static BigDecimal powerOfTwo(int exponent) {
        return new BigDecimal(Math.scalb(1.0, exponent));
    }

    /** How many of the first {@code n} values are the cycle's {@code i}-th. */
    private static long timesBelow(long n, int i) {
        return (n + CYCLE.length - 1 - i) / CYCLE.length;
    }

    @Test
    void shouldSumExactlyAtFullRate() {
        Trafilo<Object> engine = Trafilo.builder()
                .name("exact-sum")
                .parser(ExactSumSystemTest::parse)
                .state(key -> new Object())
                .handler((event, state) -> {})
                .sink(this::check)
                .aggregate(Aggregates.sum())
                .window(Duration.ofSeconds(1))
                .slide(Duration.ofMillis(100))
                .workers(1)
                .build();
        long events = 0;
        try (engine) {
            engine.start();
            byte[] message = new byte[12];
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() - endNanos < 0) {
                INTS.set(message, 0, (int) (events % KEYS));
                DOUBLES.set(message, 4, CYCLE[(int) (events / KEYS % CYCLE.length)]);
                while (!engine.offer(message, 0, message.length)) {
                    Thread.onSpinWait();
                }
                events++;
            }
        }

        System.out.printf(
                "ExactSumSystemTest: %,d events in %d s, %,d windows, worst error %.3f of its bound%n",
                events, SECONDS, windows, worst);
        assertThat(engine.ledger().isConserved()).isTrue();
        assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(events);
        assertThat(engine.ledger().count(Counter.SINK_FAILED)).isZero();
        assertThat(windows).isGreaterThan(KEYS);
        assertThat(worst).isLessThanOrEqualTo(1);
    }
}
