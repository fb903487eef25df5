package io.trafilo.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes messages, and stands for the network on their way: it drops, doubles, delays, cuts and corrupts them. */
final class SimulatedSender {
    private static final String CHARACTERS = "ab :@|!? 0-\u00e4\0";

    private final SplittableRandom random;
    private final Plan plan;
    private final List<byte[]> delayed = new ArrayList<>();
    private final int keys;
    private final int damagePercent;

    SimulatedSender(SplittableRandom random, Plan plan) {
        this.random = random;
        this.plan = plan;
        this.keys = 1 + random.nextInt(10);
        this.damagePercent = random.nextInt(3) * random.nextInt(15);
    }

    /** What arrives when some more is sent. */
    List<byte[]> send(long nowNanos) {
        List<byte[]> arriving = new ArrayList<>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            byte[] message = damaged(next(nowNanos));
            switch (damage() ? random.nextInt(3) : -1) {
                case 0 -> {} // lost
                case 1 -> {
                    arriving.add(message);
                    arriving.add(message.clone());
                }
                case 2 -> delayed.add(message);
                default -> arriving.add(message);
            }
        }
        if (!delayed.isEmpty() && random.nextInt(3) == 0) {
            arriving.add(delayed.remove(random.nextInt(delayed.size())));
        }
        return arriving;
    }

    /** One message as its maker meant it. */
    byte[] next(long nowNanos) {
        StringBuilder text = new StringBuilder(event(nowNanos));
        while (plan.dialect().hasParts() && random.nextInt(3) != 0 && text.length() < 90) {
            text.append('|').append(event(nowNanos));
        }
        text.setLength(Math.min(text.length(), plan.dispatch().maxMessageLength()));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String event(long nowNanos) {
        String key = "k" + Math.min(random.nextInt(keys), random.nextInt(keys));
        if (plan.dialect() == Dialect.WHOLE) {
            return key;
        }
        String delimiter = plan.dialect() == Dialect.COLON ? ":" : " ";
        String time = plan.dialect().hasTimes() && random.nextInt(3) != 0 ? "@" + eventTime(nowNanos) + " " : "";
        return key + delimiter + time + random.nextInt(10);
    }

    /** Now mostly, some disorder, some at the edges of the window, some nonsense. */
    private long eventTime(long nowNanos) {
        long size = plan.rules().sizeNanos();
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> nowNanos - random.nextLong(size);
            case 4 -> nowNanos - random.nextLong(3 * size);
            case 5, 6 -> nowNanos - size + Plan.pick(random, -1, 0, 1);
            case 7 -> nowNanos + Plan.pick(random, 1, size, 1_000_000_000_000L);
            case 8 -> Plan.pick(random, 0, Long.MIN_VALUE, Long.MAX_VALUE, nowNanos - (1L << 62), -nowNanos);
            default -> nowNanos - Plan.pick(random, 0, plan.rules().slideNanos());
        };
    }

    private byte[] damaged(byte[] message) {
        if (!damage()) {
            return message;
        }
        byte[] changed = message.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(changed, random.nextInt(changed.length + 1));
            }
            case 1 -> {
                return Arrays.copyOf(changed, plan.dispatch().maxMessageLength() + random.nextInt(2));
            }
            case 2 -> changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            default ->
                changed[random.nextInt(changed.length)] = (byte) CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
        }
        return changed;
    }

    private boolean damage() {
        return random.nextInt(100) < damagePercent;
    }
}
