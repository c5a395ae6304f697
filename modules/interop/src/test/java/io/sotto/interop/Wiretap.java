package io.sotto.interop;

import io.sotto.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * What is really on the wire of this machine: the datagrams from and to some sites, caught by {@code tcpdump}.
 *
 * <p>Source of the file's form: the pcap file format, version 2.4, with Ethernet frames, as the loopback device has them.
 */
final class Wiretap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int ETHERNET_BYTES = 14;
    private static final int UDP_HEADER_BYTES = 8;

    private final Path file;
    private final NodeProcess process;

    private Wiretap(Path file, NodeProcess process) {
        this.file = file;
        this.process = process;
    }

    /** Why nothing can be caught on this machine; empty when it can. */
    static Optional<String> whyNot() {
        if (Peers.find("tcpdump").isEmpty()) {
            return Optional.of("no tcpdump (" + Peers.whyMissing("tcpdump") + ")");
        }
        Command attempt =
                Command.run(List.of(Peers.program("tcpdump").toString(), "-Z", "root", "-i", "lo", "-d", "udp"));
        return attempt.exit() == 0 ? Optional.empty() : Optional.of("tcpdump may not listen: " + attempt.err());
    }

    /** Begins to listen; from its return on nothing is missed. */
    static Wiretap on(Path directory, List<Site> sites) {
        String filter =
                sites.stream().map(site -> "host " + site.ip()).collect(Collectors.joining(" or ", "udp and (", ")"));
        Path file = directory.resolve("wire.pcap");
        NodeProcess process = NodeProcess.start(
                "tcpdump",
                directory.resolve("tcpdump.log"),
                List.of(
                        Peers.program("tcpdump").toString(),
                        "-Z",
                        "root",
                        "-i",
                        "lo",
                        "-U",
                        "-B",
                        "16384",
                        "-w",
                        file.toString(),
                        filter));
        Awaitility.await("tcpdump listens")
                .atMost(PATIENCE)
                .failFast(() -> !process.isAlive())
                .until(() -> process.log().contains("listening on"));
        return new Wiretap(file, process);
    }

    /** All that was caught so far. */
    List<Octets> datagrams() {
        ByteBuffer bytes = ByteBuffer.wrap(NodeProcess.bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Octets> datagrams = new ArrayList<>();
        int at = FILE_HEADER_BYTES;
        while (at + RECORD_HEADER_BYTES <= bytes.limit()) {
            int length = bytes.getInt(at + 8);
            at += RECORD_HEADER_BYTES;
            if (at + length > bytes.limit()) {
                break;
            }
            int ip = at + ETHERNET_BYTES;
            int payload = ip + 4 * (bytes.get(ip) & 0x0f) + UDP_HEADER_BYTES;
            byte[] datagram = new byte[at + length - payload];
            bytes.get(payload, datagram);
            datagrams.add(Octets.wrap(datagram));
            at += length;
        }
        return datagrams;
    }

    /** Stops to listen; what was caught stays. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.terminate();
            process.awaitExit();
        }
    }
}
