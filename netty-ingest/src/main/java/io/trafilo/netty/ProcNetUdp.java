package io.trafilo.netty;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the drops column of the kernel's table of UDP sockets, where the socket itself cannot be asked. */
final class ProcNetUdp implements KernelDrops {
    private static final int LOCAL_ADDRESS_COLUMN = 1;
    private static final int INODE_COLUMN = 9;
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    private final Path table;
    private final int column;
    private final String value;

    private ProcNetUdp(Path table, int column, String value) {
        this.table = table;
        this.column = column;
        this.value = value;
    }

    /** Finds the socket by its address, which no other socket must have. */
    ProcNetUdp(Path table, InetSocketAddress address) {
        this(table, LOCAL_ADDRESS_COLUMN, hex(address));
    }

    /** Finds the socket by its number, among others that share the port, and when it is connected to something. */
    ProcNetUdp(Path table, String inode) {
        this(table, INODE_COLUMN, inode);
    }

    /** The table for an address, or {@link KernelDrops#UNKNOWN} if there is none. */
    static KernelDrops of(InetSocketAddress address) {
        Path table = table(address);
        return Files.isReadable(table) ? new ProcNetUdp(table, address) : UNKNOWN;
    }

    /** The same for a socket whose descriptor is known. */
    static KernelDrops of(InetSocketAddress address, int descriptor) {
        try {
            Path link = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)));
            Matcher socket = SOCKET.matcher(link.toString());
            Path table = table(address);
            if (socket.matches() && Files.isReadable(table)) {
                return new ProcNetUdp(table, socket.group(1));
            }
        } catch (IOException hidden) {
            // the address must do
        }
        return of(address);
    }

    private static Path table(InetSocketAddress address) {
        return Path.of(ListenerSettings.isIpv4(address) ? "/proc/net/udp" : "/proc/net/udp6");
    }

    /** Looks again if it finds nothing: the kernel may skip or repeat rows while sockets come and go. */
    @Override
    public long read() throws IOException {
        long drops = look();
        return drops >= 0 ? drops : look();
    }

    private long look() throws IOException {
        long drops = -1;
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            lines.readLine(); // the heading
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String found = dropsIfOurs(line);
                if (found == null) {
                    continue;
                }
                if (drops >= 0) {
                    return -1; // a second socket has the address: ours is unknown
                }
                drops = Long.parseLong(found) & 0xFFFF_FFFFL; // some kernels print it signed
            }
        }
        return drops;
    }

    private @Nullable String dropsIfOurs(String line) {
        StringTokenizer columns = new StringTokenizer(line);
        String last = null;
        for (int i = 0; columns.hasMoreTokens(); i++) {
            last = columns.nextToken();
            if (i == column && !last.equals(value)) {
                return null;
            }
        }
        return last;
    }

    /** As the kernel prints it: each 32-bit word of the address is a number in the machine's byte order. */
    static String hex(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        boolean swapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(String.format(Locale.ROOT, "%02X", bytes[swapped ? i ^ 3 : i]));
        }
        return text.append(String.format(Locale.ROOT, ":%04X", address.getPort()))
                .toString();
    }
}
