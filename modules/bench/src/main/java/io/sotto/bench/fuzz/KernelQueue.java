package io.sotto.bench.fuzz;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the kernel keeps for one UDP socket over IPv4, and what it had to drop. Source: Linux, /proc/net/udp. */
final class KernelQueue {
    private static final Path TABLE = Path.of("/proc/net/udp");
    private static final int QUEUES = 4;
    private static final int DROPS = 12;

    private final String socket;

    KernelQueue(InetSocketAddress local) {
        byte[] ip = local.getAddress().getAddress();
        // The address in the order of this machine's words, the port in the network's.
        this.socket = String.format(
                Locale.ROOT,
                "%02X%02X%02X%02X:%04X",
                ip[3] & 0xff,
                ip[2] & 0xff,
                ip[1] & 0xff,
                ip[0] & 0xff,
                local.getPort());
    }

    /** Bytes that wait to be read, as the kernel counts them: with its own overhead. */
    long waitingBytes() throws IOException {
        String queues = field(QUEUES);
        return Long.parseLong(queues.substring(queues.indexOf(':') + 1), 16);
    }

    /** Datagrams dropped since the socket was opened. */
    long drops() throws IOException {
        return Long.parseLong(field(DROPS));
    }

    private String field(int index) throws IOException {
        for (String line : Files.readAllLines(TABLE)) {
            String[] fields = line.trim().split("\\s+", -1);
            if (fields.length > index && fields[1].equals(socket)) {
                return fields[index];
            }
        }
        throw new IOException("no UDP socket " + socket + " in " + TABLE);
    }
}
