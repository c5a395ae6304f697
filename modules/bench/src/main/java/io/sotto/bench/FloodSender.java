package io.sotto.bench;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that floods: for each line {@code PORT PARTS MILLIS} that it reads it sends as fast as it can for so long, and
 * then prints how many datagrams it sent. Each is sealed anew, since what comes again is turned away. With 0 parts it introduces each member once, unhurriedly.
 */
public final class FloodSender {
    private static final long INTRODUCTION_PAUSE_NANOS = 200_000;
    private static final int SENT_BETWEEN_LOOKS = 256;
    private static final int DATAGRAM_MAX_BYTES = 65_535;

    private FloodSender() {}

    /** Takes no arguments; ends with its input. */
    public static void main(String[] arguments) throws Exception {
        Map<Integer, List<byte[]>> packets = new HashMap<>();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                String[] words = order.split(" ", -1);
                InetSocketAddress to =
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0]));
                if ("0".equals(words[1])) {
                    System.out.println(introduce(channel, to));
                    continue;
                }
                List<byte[]> kept = packets.computeIfAbsent(Integer.valueOf(words[1]), FloodPackets::plain);
                System.out.println(flood(channel, to, kept, Long.parseLong(words[2])));
            }
        }
    }

    private static long introduce(DatagramChannel channel, InetSocketAddress to) throws Exception {
        List<byte[]> packets = FloodPackets.introductions();
        for (byte[] packet : packets) {
            channel.send(ByteBuffer.wrap(packet), to);
            LockSupport.parkNanos(INTRODUCTION_PAUSE_NANOS);
        }
        return packets.size();
    }

    private static long flood(DatagramChannel channel, InetSocketAddress to, List<byte[]> packets, long millis)
            throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long sent = 0;
        int next = 0;
        Sealer sealer = FloodPackets.sealer();
        GossipKey key = GossipKey.of(FloodPackets.key());
        byte[] sealed = new byte[DATAGRAM_MAX_BYTES];
        ByteBuffer out = ByteBuffer.allocateDirect(DATAGRAM_MAX_BYTES);
        while (System.nanoTime() < end) {
            for (int i = 0; i < SENT_BETWEEN_LOOKS; i++) {
                byte[] plain = packets.get(next);
                next = next + 1 == packets.size() ? 0 : next + 1;
                int length = sealer.sealInto(key, plain, 0, plain.length, Octets.empty(), sealed, 0);
                channel.send(out.clear().put(sealed, 0, length).flip(), to);
            }
            sent += SENT_BETWEEN_LOOKS;
        }
        return sent;
    }
}
