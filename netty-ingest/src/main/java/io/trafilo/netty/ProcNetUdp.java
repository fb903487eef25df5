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
import org.jspecify.annotations.Nullable;

/** Reads the drops column of the kernel's table of UDP sockets, for a socket without an accessible descriptor. */
final class ProcNetUdp implements KernelDrops {
    private static final int LOCAL_ADDRESS_COLUMN = 1;

    private final Path table;
    private final String localAddress;

    ProcNetUdp(Path table, InetSocketAddress address) {
        this.table = table;
        this.localAddress = hex(address);
    }

    /** The table for an address, or {@link KernelDrops#UNKNOWN} if there is none. */
    static KernelDrops of(InetSocketAddress address) {
        Path table = Path.of(ListenerSettings.isIpv4(address) ? "/proc/net/udp" : "/proc/net/udp6");
        return Files.isReadable(table) ? new ProcNetUdp(table, address) : UNKNOWN;
    }

    @Override
    public long read() throws IOException {
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
            if (i == LOCAL_ADDRESS_COLUMN && !last.equals(localAddress)) {
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
