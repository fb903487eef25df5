package io.trafilo.netty;

import io.netty.channel.socket.DatagramChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A multicast group to join at an interface; datagrams of one source only, unless that is null. */
record MulticastGroup(
        InetAddress address,
        String networkInterface,
        @Nullable InetAddress source) {
    static MulticastGroup parse(String group, String networkInterface, @Nullable String source) {
        InetAddress address = literal(group);
        if (address == null || !address.isMulticastAddress()) {
            throw Checks.broken("joinGroup", group, "a multicast address, such as 239.1.2.3 or ff15::1");
        }
        if (source == null) {
            return new MulticastGroup(address, networkInterface, null);
        }
        InetAddress from = literal(source);
        if (from == null || from.isMulticastAddress() || from.getClass() != address.getClass()) {
            throw Checks.broken("joinGroup", "source " + source, "a unicast address of the same family as " + group);
        }
        return new MulticastGroup(address, networkInterface, from);
    }

    private static @Nullable InetAddress literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            return null;
        }
    }

    /** Checks that a socket bound there receives what is sent to this group. */
    void checkBoundTo(InetSocketAddress bindTo) {
        InetAddress bound = bindTo.getAddress();
        boolean sameFamily = bound.getClass() == address.getClass();
        if (!sameFamily || !(bound.isAnyLocalAddress() || bound.equals(address))) {
            throw Checks.broken(
                    "joinGroup",
                    address.getHostAddress() + " with bind " + ListenerException.text(bindTo),
                    "bind to the group itself or to " + (address.getAddress().length == 4 ? "0.0.0.0" : "::"));
        }
    }

    /** Joins; blocks until done. Not for an event loop. */
    void join(DatagramChannel channel) {
        NetworkInterface at = find();
        var joined = channel.joinGroup(address, at, source, channel.newPromise());
        Throwable refused = joined.awaitUninterruptibly().cause();
        if (refused != null) {
            throw new ListenerException(this + ": " + refused, refused);
        }
    }

    private NetworkInterface find() {
        try {
            NetworkInterface named = NetworkInterface.getByName(networkInterface);
            if (named == null) {
                InetAddress owned = literal(networkInterface);
                named = owned == null ? null : NetworkInterface.getByInetAddress(owned);
            }
            if (named != null) {
                return named;
            }
            throw new ListenerException(this + ": no such interface (expected: one of "
                    + NetworkInterface.networkInterfaces()
                            .map(NetworkInterface::getName)
                            .collect(Collectors.joining(", "))
                    + ", or an address of one)");
        } catch (SocketException e) {
            throw new ListenerException(this + ": the interfaces cannot be listed", e);
        }
    }

    @Override
    public String toString() {
        return "joinGroup " + address.getHostAddress() + " at " + networkInterface
                + (source == null ? "" : ", source " + source.getHostAddress());
    }
}
