package io.trafilo.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where datagrams go: this machine, unless it is allowed to be another. */
final class LoopbackTarget {
    private LoopbackTarget() {}

    static InetSocketAddress parse(String text, boolean allowRemote) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw broken(text);
        }
        String host = text.substring(0, colon);
        InetSocketAddress target = new InetSocketAddress(resolve("--target", host), port(text, colon));
        if (!allowRemote && !target.getAddress().isLoopbackAddress()) {
            throw new SettingException("--target: " + text
                    + " is not this machine (expected: a loopback address; --allow-remote to send to others, which must"
                    + " want it)");
        }
        return target;
    }

    static InetAddress resolve(String option, String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw SettingException.of(option, host, "an address or a known host name");
        }
    }

    private static int port(String text, int colon) {
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw broken(text);
        }
        throw broken(text);
    }

    private static SettingException broken(String text) {
        return SettingException.of("--target", text, "host:port, such as 127.0.0.1:9999");
    }
}
