package io.sotto.interop;

import io.sotto.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * What is really on the wire of this machine: datagrams or TCP streams from and to some sites, caught by {@code tcpdump}.
 *
 * <p>Source of the file's form: the pcap file format, version 2.4, with Ethernet frames, as the loopback device has them.
 */
final class Wiretap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int ETHERNET_BYTES = 14;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int SOURCE_ADDRESS = 12;
    private static final int TARGET_ADDRESS = 16;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int SYN = 0x02;

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

    /** Begins to listen to datagrams; from its return on nothing is missed. */
    static Wiretap on(Path directory, List<Site> sites) {
        return on(
                directory,
                sites.stream().map(site -> "host " + site.ip()).collect(Collectors.joining(" or ", "udp and (", ")")));
    }

    /** Begins to listen to the streams of one port at some addresses; from its return on nothing is missed. */
    static Wiretap onStreams(Path directory, List<String> addresses, int port) {
        return on(
                directory,
                addresses.stream()
                        .map(address -> "host " + address)
                        .collect(Collectors.joining(" or ", "tcp port " + port + " and (", ")")));
    }

    private static Wiretap on(Path directory, String filter) {
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
        List<Octets> datagrams = new ArrayList<>();
        packets(ip -> {
            ByteBuffer payload = from(ip, payload(ip) + UDP_HEADER_BYTES);
            byte[] datagram = new byte[payload.remaining()];
            payload.get(datagram);
            datagrams.add(Octets.wrap(datagram));
        });
        return datagrams;
    }

    /** Both directions of every stream that was caught so far, each by itself, in the order of their beginnings. */
    List<CaughtStream> streams() {
        Map<String, CaughtStream> streams = new LinkedHashMap<>();
        packets(ip -> {
            ByteBuffer tcp = from(ip, payload(ip));
            String from = address(ip, SOURCE_ADDRESS) + ":" + (tcp.getShort(0) & 0xffff);
            String to = address(ip, TARGET_ADDRESS) + ":" + (tcp.getShort(2) & 0xffff);
            int flags = tcp.get(TCP_FLAGS);
            String both = from + " -> " + to;
            if ((flags & SYN) != 0 && streams.containsKey(both)) {
                // The kernel gives a port away again sooner or later.
                streams.put(both + " #" + streams.size(), streams.remove(both));
            }
            CaughtStream stream = streams.computeIfAbsent(both, name -> new CaughtStream(from, to));
            stream.segment((flags & SYN) != 0, tcp.getInt(4), from(tcp, 4 * ((tcp.get(TCP_OFFSET) >> 4) & 0x0f)));
        });
        return List.copyOf(streams.values());
    }

    private static ByteBuffer from(ByteBuffer packet, int at) {
        return packet.slice(at, packet.limit() - at);
    }

    private static int payload(ByteBuffer ip) {
        return 4 * (ip.get(0) & 0x0f);
    }

    private static String address(ByteBuffer ip, int at) {
        return IntStream.range(at, at + 4)
                .mapToObj(i -> String.valueOf(ip.get(i) & 0xff))
                .collect(Collectors.joining("."));
    }

    /** Every whole packet in the file, from its IP header to its end; the kernel pads none on loopback. */
    private void packets(Consumer<ByteBuffer> each) {
        ByteBuffer bytes = ByteBuffer.wrap(NodeProcess.bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int at = FILE_HEADER_BYTES;
        while (at + RECORD_HEADER_BYTES <= bytes.limit()) {
            int length = bytes.getInt(at + 8);
            at += RECORD_HEADER_BYTES;
            if (at + length > bytes.limit()) {
                break;
            }
            each.accept(bytes.slice(at + ETHERNET_BYTES, length - ETHERNET_BYTES));
            at += length;
        }
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
