package io.trafilo.window;

import static io.trafilo.window.TimerWheel.DISARM;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.OnPurpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerWheelModelTest {

    private static final int RUNS = 20_000;

    @Test
    void shouldFireWhatSortedListFiresWhenOperationsAreRandom() {
        SeededRuns.run(RUNS, random -> new Run(random).run());
    }

    /** What the list knows of an armed entry. Times are since the start of the run. */
    private static final class Armed {
        final TestEntry entry;
        final long deadline;
        long dueSince = Long.MAX_VALUE; // in steps, of which a poll is two: what it finds due, what is scheduled as due

        Armed(TestEntry entry, long deadline) {
            this.entry = entry;
            this.deadline = deadline;
        }
    }

    private static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1;

        OnPurpose() {
            super("on purpose", null, false, false);
        }
    }

    private static final class Run implements TimerWheel.Handler<TestEntry> {
        private final SplittableRandom random;
        private final long startNanos;
        private final long tickNanos;
        private final long delay;
        private final boolean handlerThrows;
        private final TimerWheel wheel;
        private final List<TestEntry> idle = new ArrayList<>();
        private final List<Armed> armed = new ArrayList<>(); // sorted by deadline
        private final List<TestEntry> firedNow = new ArrayList<>();
        private long now;
        private long wheelNow; // at the last poll
        private long step;

        Run(SplittableRandom random) {
            this.random = random;
            this.startNanos = switch (random.nextInt(3)) {
                case 0 -> Long.MAX_VALUE - random.nextInt(1_000);
                case 1 -> Long.MAX_VALUE - random.nextLong(1L << 34);
                default -> random.nextLong();
            };
            this.delay = 1 + random.nextLong(1L << random.nextInt(10, 36));
            long tick = Long.highestOneBit(delay / 32);
            this.tickNanos = Math.min(1L << 34, Math.max(1L << 17, tick));
            this.handlerThrows = random.nextInt(4) == 0;
            this.wheel = new TimerWheel(delay, startNanos);
            int keys = random.nextInt(3) == 0 ? random.nextInt(40, 150) : random.nextInt(1, 20);
            for (int i = 0; i < keys; i++) {
                idle.add(new TestEntry(i));
            }
        }

        void run() {
            checkNext();
            for (int i = random.nextInt(20, 80); i > 0; i--) {
                if (random.nextInt(5) < 2) {
                    if (random.nextInt(3) == 0) {
                        advanceClock();
                    }
                    for (int n = random.nextInt(1, 30); n > 0 && !idle.isEmpty(); n--) {
                        schedule(idle.remove(random.nextInt(idle.size())), now + randomDelay());
                    }
                    for (int n = random.nextInt(5); n > 0 && !armed.isEmpty(); n--) {
                        bringForward(armed.get(random.nextInt(armed.size())), now + randomDelay());
                    }
                    checkNext();
                } else {
                    advanceClock();
                    poll(random.nextInt(3) == 0 ? random.nextInt(6) : 1_000);
                    checkNext();
                }
            }
        }

        private long randomDelay() {
            return switch (random.nextInt(8)) {
                case 0 -> -random.nextLong(4 * tickNanos);
                case 1 -> random.nextLong(tickNanos);
                case 2 -> tickNanos * random.nextInt(1, 200);
                case 3 -> random.nextLong(tickNanos * 1_000);
                case 4 -> tickNanos * 2 + random.nextLong(tickNanos);
                default -> delay;
            };
        }

        private void advanceClock() {
            switch (random.nextInt(8)) {
                case 0 -> now += 0;
                case 1 -> now += random.nextLong(tickNanos);
                case 2 -> now += random.nextLong(64 * tickNanos);
                case 3 -> now += random.nextInt(20) == 0 ? TimeUnit.HOURS.toNanos(random.nextInt(1, 90)) : tickNanos;
                default -> {
                    if (!armed.isEmpty()) {
                        long next = wheel.nextNanos() - startNanos;
                        now = Math.max(now, next - (random.nextInt(4) == 0 ? 1 : 0));
                    }
                }
            }
        }

        private void schedule(TestEntry entry, long deadline) {
            assertThat(wheel.isArmed(entry)).isFalse();
            wheel.schedule(entry, startNanos + deadline);
            assertThat(wheel.isArmed(entry)).isTrue();
            arm(entry, deadline);
        }

        private void bringForward(Armed each, long deadline) {
            boolean earlier = each.deadline > wheelNow && deadline < each.deadline;
            assertThat(wheel.scheduleNoLater(each.entry, startNanos + deadline)).isEqualTo(earlier);
            assertThat(wheel.isArmed(each.entry)).isTrue();
            if (earlier) {
                armed.remove(each);
                arm(each.entry, deadline);
            }
        }

        private void arm(TestEntry entry, long deadline) {
            Armed added = new Armed(entry, deadline);
            if (deadline <= wheelNow) {
                added.dueSince = step;
            }
            armed.add(added);
            armed.sort(Comparator.comparingLong(each -> each.deadline));
        }

        private void poll(int limit) {
            step++;
            wheelNow = now;
            int due = 0;
            for (Armed each : armed) {
                if (each.deadline <= now) {
                    each.dueSince = Math.min(each.dueSince, step);
                    due++;
                }
            }
            step++;
            firedNow.clear();
            try {
                long pollNow = random.nextInt(10) == 0 ? now - random.nextLong(1_000) : now;
                boolean behind = pollNow != now;
                if (behind) {
                    wheel.poll(startNanos + now, 0, this);
                }
                int fired = wheel.poll(startNanos + pollNow, limit, this);
                assertThat(fired).as("fired").isEqualTo(Math.min(limit, due)).isEqualTo(firedNow.size());
            } catch (OnPurpose e) {
                assertThat(firedNow).hasSizeLessThanOrEqualTo(Math.min(limit, due));
            }
        }

        @Override
        public long onTimer(TestEntry entry, long nowNanos) {
            assertThat(nowNanos).as("now").isEqualTo(startNanos + now);
            if (wheel.isArmed(entry) || firedNow.contains(entry)) {
                throw new AssertionError(entry + " is armed, or fired twice in a poll");
            }
            firedNow.add(entry);
            long longestDue = Long.MAX_VALUE;
            Armed found = null;
            for (Armed each : armed) {
                longestDue = Math.min(longestDue, each.dueSince);
                found = each.entry == entry ? each : found;
            }
            if (found == null || found.deadline > now || found.dueSince != longestDue) {
                throw new AssertionError(entry + " is not scheduled, or not due, or not its turn");
            }
            armed.remove(found);
            return answer(entry, found.deadline);
        }

        private long answer(TestEntry entry, long deadline) {
            if (handlerThrows && random.nextInt(10) == 0) {
                idle.add(entry);
                throw new OnPurpose();
            }
            if (random.nextInt(4) == 0) {
                idle.add(entry);
                return DISARM;
            }
            long next = random.nextInt(3) == 0 ? deadline + delay : now + randomDelay();
            arm(entry, next);
            return startNanos + next;
        }

        private void checkNext() {
            if (armed.isEmpty()) {
                assertThat(wheel.nextNanos()).as("next").isEqualTo(DISARM);
                return;
            }
            long next = wheel.nextNanos() - startNanos;
            long earliest = armed.get(0).deadline;
            if (earliest <= wheelNow) {
                assertThat(next).as("next when due ones are left").isLessThanOrEqualTo(wheelNow);
                return;
            }
            long tickEnd = (earliest / tickNanos + 1) * tickNanos;
            boolean oneRevolution = earliest / tickNanos < wheelNow / tickNanos + TimerWheel.SPOKES;
            if (oneRevolution && longestSpoke() <= TimerWheel.EXACT_LIMIT) {
                assertThat(next).as("next when spokes are short").isEqualTo(earliest);
            } else if (next <= wheelNow || next > tickEnd) {
                throw new AssertionError("next: " + next + " (expected: > " + wheelNow + " and <= " + tickEnd + ")");
            }
        }

        private int longestSpoke() {
            int[] lengths = new int[TimerWheel.SPOKES];
            int longest = 0;
            for (Armed each : armed) {
                longest = Math.max(longest, ++lengths[(int) (each.deadline / tickNanos % TimerWheel.SPOKES)]);
            }
            return longest;
        }
    }
}
