package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.packet.Compression;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The memory that the Open stage keeps is written to again: nothing that left the stages may lie in it. */
class KeptMemoryTest {
    private static final long SEED = 20_261_122;
    private static final int BATCHES = 60;
    private static final byte POISON = (byte) 0xdd;
    private static final GossipKey KEY =
            GossipKey.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final WirePolicy policy = WirePolicy.sealed(Keyring.of(KEY));
    private final RejectionLog rejections = RejectionLog.create(() -> Instant.EPOCH, line -> {});
    private final Open open = new Open(Inspection.counting(rejections));
    private final VerifyCrc verifyCrc = new VerifyCrc(rejections);
    private final Unwrap unwrap = new Unwrap(Limits.defaults(), rejections);
    private final Decode decode = new Decode(Limits.defaults(), rejections);

    @Test
    void nothingThatLeavesTheStagesChangesWhenTheMemoryIsUsedAgain() {
        List<SwimMessage> expected = new ArrayList<>();
        List<SwimMessage> kept = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<Frame> frames = new ArrayList<>();
            int datagrams = 1 + random.nextInt(100);
            for (int i = 0; i < datagrams; i++) {
                List<SwimMessage> messages = messages();
                expected.addAll(messages);
                frames.add(new Frame(PEER, seal(layered(messages))));
            }
            through(frames).forEach(inbound -> kept.add(inbound.message()));
            Arrays.fill(open.arena(), POISON);
        }

        assertThat(rejections.total()).isZero();
        assertThat(kept).as("seed %s", SEED).isEqualTo(expected);
    }

    @Test
    void theMemoryIsTheSameOneBatchAfterBatch() {
        through(List.of(new Frame(PEER, seal(layered(messages())))));
        byte[] first = open.arena();

        for (int i = 0; i < 20; i++) {
            through(List.of(new Frame(PEER, seal(Octets.hex("0868656c6c6f")))));
        }

        assertThat(open.arena()).isSameAs(first);
    }

    @Test
    void largeDatagramsOfOneBatchDoNotOverwriteEachOther() {
        List<Frame> frames = new ArrayList<>();
        List<Octets> bodies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] body = new byte[50_000];
            random.nextBytes(body);
            bodies.add(Octets.copyOf(body));
            frames.add(new Frame(PEER, seal(Octets.wrap(SwimCodec.encode(new SwimMessage.User(Octets.wrap(body)))))));
        }

        List<Inbound> inbound = through(frames);

        assertThat(inbound)
                .extracting(Inbound::message)
                .isEqualTo(bodies.stream().map(SwimMessage.User::new).toList());
    }

    private List<Inbound> through(List<Frame> frames) {
        List<Frame> opened = new ArrayList<>();
        open.begin();
        frames.forEach(frame -> open.on(frame, policy, opened));
        List<Frame> verified = new ArrayList<>();
        opened.forEach(frame -> verifyCrc.on(frame, policy, verified));
        List<Frame> unwrapped = new ArrayList<>();
        verified.forEach(frame -> unwrap.on(frame, policy, unwrapped));
        List<Inbound> decoded = new ArrayList<>();
        unwrapped.forEach(frame -> decode.on(frame, policy, decoded));
        return decoded;
    }

    /** Every kind that travels in datagrams, each with every field that is bytes or text. */
    private List<SwimMessage> messages() {
        List<SwimMessage> messages = new ArrayList<>();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            String node = "node-" + random.nextInt(10_000) + (random.nextBoolean() ? "" : "-\u00e9");
            NodeAddress address = new NodeAddress(bytes(random.nextBoolean() ? 4 : 16), 1 + random.nextInt(65_535));
            var asker = Optional.of(new SwimMessage.Asker(address, node));
            messages.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new SwimMessage.Ping(random.nextInt(1_000), node, asker);
                        case 1 -> new SwimMessage.IndirectPing(7, address, node, true, asker);
                        case 2 -> new SwimMessage.Ack(9, bytes(40));
                        case 3 -> new SwimMessage.Suspect(4, node, "from-" + node);
                        case 4 -> new SwimMessage.Dead(5, node, "from-" + node);
                        case 5 -> new SwimMessage.User(bytes(60));
                        case 6 -> new SwimMessage.Nack(3);
                        default -> new SwimMessage.Alive(6, node, address, bytes(90), bytes(6));
                    });
        }
        return messages;
    }

    private Octets layered(List<SwimMessage> messages) {
        List<Octets> encoded = messages.stream()
                .map(message -> Octets.wrap(SwimCodec.encode(message)))
                .toList();
        byte[] bytes = messages.size() == 1
                ? encoded.get(0).toArray()
                : Compound.pack(encoded).get(0);
        if (random.nextInt(3) == 0) {
            bytes = Compression.compress(bytes, 0, bytes.length);
        }
        return Octets.wrap(random.nextInt(3) == 0 ? Checksum.add(bytes) : bytes);
    }

    private Octets bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Octets.wrap(bytes);
    }

    private static Octets seal(Octets plain) {
        Sealer sealer = new Sealer((target, offset) -> Arrays.fill(target, offset, offset + 12, (byte) 0xee));
        return Octets.wrap(sealer.seal(KEY, plain.toArray(), 0, plain.length(), Octets.empty()));
    }
}
