package io.sotto.bench;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.Network;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.coordinate.CoordinateCodec;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.message.Tags;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Unwrapper;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamRole;
import io.sotto.wire.stream.StreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/**
 * A network of one node and any number of members that are there in name only: each answers pings and exchanges of views,
 * and none takes memory, so that all memory is the node's.
 */
final class Crowd implements Network {
    static final InetSocketAddress NODE = new InetSocketAddress(ip(new byte[] {10, 0, 0, 1}), 7_946);

    private static final Duration LATENCY = Duration.ofNanos(250_000);
    private static final Octets COORDINATE = CoordinateCodec.encode(Coordinate.initial());
    private static final byte ACK = 2;

    private final VirtualTime virtual;
    private final int members;
    private final SplittableRandom random = new SplittableRandom(20_261_122);
    private Optional<DatagramReceiver> node = Optional.empty();
    private long datagrams;
    private long incarnation = 1;
    private long nextSeqNo;

    /** @param members how many there are besides the node */
    Crowd(VirtualTime virtual, int members) {
        this.virtual = virtual;
        this.members = members;
    }

    /** Datagrams that the node has sent. */
    long datagrams() {
        return datagrams;
    }

    /** Somebody pings the node. */
    void ping() {
        int from = random.nextInt(members);
        SwimMessage.Asker asker = new SwimMessage.Asker(address(from), name(from));
        tell(from, bytes(new SwimMessage.Ping(++nextSeqNo, "node", Optional.of(asker))));
    }

    /** Somebody has refuted a suspicion: news that the node has to spread. */
    void news() {
        int about = random.nextInt(members);
        tell(about, bytes(alive(about, ++incarnation)));
    }

    @Override
    public Endpoint bind(InetSocketAddress address) {
        return new Endpoint() {
            @Override
            public InetSocketAddress local() {
                return address;
            }

            @Override
            public void receive(DatagramReceiver receiver) {
                node = Optional.of(receiver);
            }

            @Override
            public boolean send(InetSocketAddress to, Octets bytes) {
                datagrams++;
                answer(to, bytes);
                return true;
            }

            @Override
            public void accept(Consumer<Connection> acceptor) {
                // Nobody here dials.
            }

            @Override
            public CompletionStage<Connection> connect(InetSocketAddress to, Duration timeout) {
                return CompletableFuture.completedFuture(new Exchange(address, to, view()));
            }

            @Override
            public void close() {
                node = Optional.empty();
            }
        };
    }

    private void answer(InetSocketAddress to, Octets datagram) {
        Octets message = datagram.at(0) == Checksum.TYPE
                ? datagram.slice(Checksum.OVERHEAD_BYTES, datagram.length() - Checksum.OVERHEAD_BYTES)
                : datagram;
        for (Octets part : Unwrapper.unwrap(message, Limits.defaults()).messages()) {
            if (part.at(0) != ACK
                    && SwimCodec.decode(part, Limits.defaults()) instanceof Decoded.Message decoded
                    && decoded.message() instanceof SwimMessage.Ping ping) {
                tell(to, bytes(new SwimMessage.Ack(ping.seqNo(), COORDINATE)));
            }
        }
    }

    private void tell(int from, Octets bytes) {
        tell(address(from).socket().orElseThrow(), bytes);
    }

    private void tell(InetSocketAddress from, Octets bytes) {
        virtual.after(LATENCY, () -> node.ifPresent(receiver -> receiver.receive(List.of(new Datagram(from, bytes)))));
    }

    /** What any of them answers to an exchange of views. */
    private Octets view() {
        List<PushPull.Node> nodes = new ArrayList<>(members);
        for (int i = 0; i < members; i++) {
            nodes.add(new PushPull.Node(
                    name(i), address(i), meta(i), 1, NodeState.ALIVE, ProtocolVersions.SERF.toOctets()));
        }
        StreamPolicy plain = new StreamPolicy(Optional.empty(), false, false, Octets.empty(), false, false);
        return Octets.wrap(StreamWriter.encode(
                new StreamMessage.Exchange(new PushPull(false, nodes, serfState())),
                StreamRole.ANSWER,
                plain,
                new Sealer((target, offset) -> {})));
    }

    /** Serf's part of it: a Lamport time for each. */
    private Octets serfState() {
        Map<String, Long> times = new HashMap<>();
        for (int i = 0; i < members; i++) {
            times.put(name(i), 1L + i);
        }
        return Octets.wrap(
                SerfCodec.encode(new SerfMessage.PushPullState(members + 1L, times, List.of(), 1, List.of(), 1)));
    }

    private static SwimMessage.Alive alive(int number, long incarnation) {
        return new SwimMessage.Alive(
                incarnation, name(number), address(number), meta(number), ProtocolVersions.SERF.toOctets());
    }

    private static Octets bytes(SwimMessage message) {
        return Octets.wrap(SwimCodec.encode(message));
    }

    private static String name(int number) {
        return "member-" + number + ".example.net";
    }

    private static Octets meta(int number) {
        return Tags.encode(Map.of("role", "web", "zone", "zone-" + number % 3));
    }

    private static NodeAddress address(int number) {
        return new NodeAddress(Octets.wrap(new byte[] {10, 1, (byte) (number >> 8), (byte) number}), 7_946);
    }

    private static InetAddress ip(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are always an address", e);
        }
    }

    /** A connection on which the answer is there at once, whatever is asked. */
    private static final class Exchange implements Connection {
        private final InetSocketAddress local;
        private final InetSocketAddress remote;
        private Octets unread;

        Exchange(InetSocketAddress local, InetSocketAddress remote, Octets answer) {
            this.local = local;
            this.remote = remote;
            this.unread = answer;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public InetSocketAddress remote() {
            return remote;
        }

        @Override
        public CompletionStage<Octets> read() {
            Octets next = unread;
            unread = Octets.empty();
            return CompletableFuture.completedFuture(next);
        }

        @Override
        public CompletionStage<Done> write(Octets bytes) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public void finish() {
            // It has been answered already.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
