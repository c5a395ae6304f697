package io.sotto.bench;

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
 * then prints how many datagrams it sent. With 0 parts it introduces each member once, unhurriedly.
 */
public final class FloodSender {
    private static final long INTRODUCTION_PAUSE_NANOS = 200_000;
    private static final int SENT_BETWEEN_LOOKS = 256;

    private FloodSender() {}

    /** Takes no arguments; ends with its input. */
    public static void main(String[] arguments) throws Exception {
        Map<Integer, ByteBuffer[]> packets = new HashMap<>();
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
                ByteBuffer[] kept = packets.computeIfAbsent(Integer.valueOf(words[1]), FloodSender::direct);
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

    private static long flood(DatagramChannel channel, InetSocketAddress to, ByteBuffer[] packets, long millis)
            throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long sent = 0;
        int next = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < SENT_BETWEEN_LOOKS; i++) {
                ByteBuffer packet = packets[next];
                next = next + 1 == packets.length ? 0 : next + 1;
                channel.send(packet, to);
                packet.rewind();
            }
            sent += SENT_BETWEEN_LOOKS;
        }
        return sent;
    }

    private static ByteBuffer[] direct(int parts) {
        List<byte[]> sealed = FloodPackets.sealed(parts);
        ByteBuffer[] buffers = new ByteBuffer[sealed.size()];
        for (int i = 0; i < buffers.length; i++) {
            byte[] packet = sealed.get(i);
            buffers[i] = ByteBuffer.allocateDirect(packet.length).put(packet).flip();
        }
        return buffers;
    }
}
