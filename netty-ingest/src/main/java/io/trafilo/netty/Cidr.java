package io.trafilo.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network: an address of one family. Its first {@code prefix} bits count; the others are 0. */
record Cidr(boolean ipv4, long high, long low, int prefix) {
    /** Four decimal numbers without leading zeros, which some read as octal and others as decimal. */
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

    /** No zone, no brackets and nothing that could be a name. Dots only in the one form that Netty does not change. */
    private static final Pattern IPV6 =
            Pattern.compile("[0-9a-f]*:[0-9a-f:]*|::ffff:" + IPV4.pattern(), Pattern.CASE_INSENSITIVE);

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;
    private static final long IPV4_ONES = 0xFFFF_FFFFL;

    /** The prefix of an IPv4 address written as an IPv6 address. */
    private static final long MAPPED = 0xFFFFL;

    /** Parses {@code address} or {@code address/prefix}, without any name lookup. */
    static Cidr parse(String setting, String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = bytes(address);
        if (bytes == null) {
            throw broken(
                    setting, text, "an IPv4 or IPv6 address, or one with /prefix, such as 10.0.0.0/8 or 2001:db8::/32");
        }
        int bits = bytes.length * Byte.SIZE;
        int prefix = slash < 0 ? bits : prefix(setting, text, text.substring(slash + 1), bits);
        Cidr network = bits == IPV4_BITS
                ? new Cidr(true, 0, ipv4(bytes), prefix)
                : new Cidr(false, toLong(bytes, 0), toLong(bytes, Long.BYTES), prefix);
        if (((network.high & ~network.highMask()) | (network.low & ~network.lowMask())) != 0) {
            throw broken(setting, text, "no bit set after the prefix: " + network.masked() + " or " + address);
        }
        return network.unmapped();
    }

    private static byte @Nullable [] bytes(String address) {
        Matcher numbers = IPV4.matcher(address);
        if (!numbers.matches()) {
            return IPV6.matcher(address).matches() ? NetUtil.createByteArrayFromIpAddressString(address) : null;
        }
        byte[] bytes = new byte[IPV4_BITS / Byte.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            int number = Integer.parseInt(numbers.group(i + 1));
            if (number > 0xFF) {
                return null;
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    private static int prefix(String setting, String text, String prefix, int bits) {
        if (!PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > bits) {
            throw broken(setting, text, "a prefix of 0 to " + bits + " bits");
        }
        return Integer.parseInt(prefix);
    }

    private static IllegalArgumentException broken(String setting, String text, String rule) {
        return Checks.broken(setting, "'" + text + "'", rule);
    }

    long highMask() {
        return ipv4 ? 0 : ones(Math.min(prefix, Long.SIZE), Long.SIZE);
    }

    long lowMask() {
        return ipv4 ? ones(prefix, IPV4_BITS) & IPV4_ONES : ones(Math.max(prefix - Long.SIZE, 0), Long.SIZE);
    }

    /** The leftmost {@code count} of {@code bits} bits set. */
    private static long ones(int count, int bits) {
        return count == 0 ? 0 : -1L << (bits - count);
    }

    /** The first four bytes of an address as a number. */
    static long ipv4(byte[] address) {
        return (address[0] & 0xFFL) << 24
                | (address[1] & 0xFFL) << 16
                | (address[2] & 0xFFL) << 8
                | (address[3] & 0xFFL);
    }

    static long toLong(byte[] address, int from) {
        long value = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            value = value << Byte.SIZE | (address[i] & 0xFF);
        }
        return value;
    }

    /** Whether an IPv6 address, given in two parts, contains an IPv4 address. */
    static boolean isMapped(long high, long low) {
        return high == 0 && low >>> IPV4_BITS == MAPPED;
    }

    /** The IPv4 network that this IPv6 network contains, or this network itself if it contains none. */
    private Cidr unmapped() {
        int mappedBits = IPV6_BITS - IPV4_BITS;
        return !ipv4 && prefix >= mappedBits && isMapped(high, low)
                ? new Cidr(true, 0, low & IPV4_ONES, prefix - mappedBits)
                : this;
    }

    private Cidr masked() {
        return new Cidr(ipv4, high & highMask(), low & lowMask(), prefix);
    }

    @Override
    public String toString() {
        byte[] bytes = new byte[(ipv4 ? IPV4_BITS : IPV6_BITS) / Byte.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            int fromRight = bytes.length - 1 - i;
            long part = fromRight < Long.BYTES ? low : high;
            bytes[i] = (byte) (part >>> (fromRight % Long.BYTES * Byte.SIZE));
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes)) + "/" + prefix;
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 or 16 bytes are an address", impossible);
        }
    }
}
