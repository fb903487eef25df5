package io.trafilo.bench;

import com.google.gson.annotations.SerializedName;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.Option;

/** What the datagrams are like. */
final class TrafficOptions {
    private static final int MAX_KEYS = 10_000_000;
    private static final int MAX_PAYLOAD_BYTES = 65_507;
    private static final int MAX_SEGMENTS = 64;

    /** How often each key is sent. */
    enum Distribution {
        @SerializedName("uniform")
        UNIFORM,
        @SerializedName("zipf")
        ZIPF
    }

    /** The same in a report. */
    record Traffic(int keys, Distribution distribution, double zipfExponent, int size, int gso, long seed) {}

    @Option(names = "--rate", paramLabel = "<count>", defaultValue = "100000")
    @Range(min = 0, max = Pacer.MAX_RATE)
    long rate;

    @Option(names = "--keys", paramLabel = "<count>", defaultValue = "10000")
    @Range(min = 1, max = MAX_KEYS)
    int keys;

    @Option(names = "--distribution", paramLabel = "uniform|zipf", defaultValue = "uniform")
    Distribution distribution = Distribution.UNIFORM;

    @Option(names = "--zipf-exponent", paramLabel = "<number>", defaultValue = "0.99")
    double zipfExponent;

    @Option(names = "--size", paramLabel = "<bytes>", defaultValue = "64", converter = BytesConverter.class)
    @Range(min = 1, max = MAX_PAYLOAD_BYTES)
    int sizeBytes;

    @Option(names = "--gso", paramLabel = "<count>", defaultValue = "1")
    @Range(min = 1, max = MAX_SEGMENTS)
    int segments;

    @Option(names = "--seed", paramLabel = "<count>", defaultValue = "1")
    long seed;

    /** For programs that send other messages than the engine's load test; those have an option for it. */
    MessageSet.Form format = MessageSet.Form.TOKEN;

    void check() {
        if (!(zipfExponent > 0 && zipfExponent <= 10)) {
            throw SettingException.of("--zipf-exponent", zipfExponent, "more than 0, at most 10");
        }
        if ((long) segments * sizeBytes > MAX_PAYLOAD_BYTES) {
            throw SettingException.of(
                    "--gso * --size", (long) segments * sizeBytes + " bytes", "at most " + MAX_PAYLOAD_BYTES);
        }
        MessageSet.check(format, keys, sizeBytes);
    }

    /** Checks that each datagram has room for the time it was due. */
    void checkStamped() {
        int leastBytes = MessageSet.payloadOffset(keys - 1) + Long.BYTES;
        if (sizeBytes < leastBytes) {
            throw SettingException.of(
                    "--size",
                    sizeBytes + " bytes",
                    "at least " + leastBytes + ", for the longest of " + keys + " keys and the time it was due");
        }
    }

    /** Opens a sender; the calling thread must be the one that sends. */
    DatagramSender openSender(InetSocketAddress target, long maxRate, boolean stamped) throws IOException {
        MessageSet messages = new MessageSet(format, keys, sizeBytes);
        KeySequence sequence = distribution == Distribution.UNIFORM
                ? KeySequence.uniform(keys, seed)
                : KeySequence.zipf(keys, zipfExponent, seed);
        if (Epoll.isAvailable()) {
            if (segments > 1 && !EpollDatagramChannel.isSegmentedDatagramPacketSupported()) {
                throw new FailureException("--gso: this kernel has no UDP_SEGMENT");
            }
        } else if (segments > 1) {
            throw new FailureException("--gso: needs epoll, which is not there: " + Epoll.unavailabilityCause());
        }
        return new DatagramSender(
                target, messages, sequence, segments, Pacer.maxBurst(maxRate, segments), stamped, Epoll.isAvailable());
    }

    /** As a command line for another process. */
    List<String> toArguments() {
        return List.of(
                "--keys=" + keys,
                "--distribution=" + distribution,
                "--zipf-exponent=" + zipfExponent,
                "--size=" + sizeBytes,
                "--gso=" + segments,
                "--seed=" + seed,
                "--format=" + format);
    }

    Traffic traffic() {
        return new Traffic(keys, distribution, zipfExponent, sizeBytes, segments, seed);
    }
}
