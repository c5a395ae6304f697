package io.sotto.bench;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Compound;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the flood is made of: sealed datagrams of alive messages about the members of a pool of middling size, each message
 * of the size that real members' have. The same ones in every run.
 */
final class FloodPackets {
    static final int MEMBERS = 500;
    private static final int PACKETS = 1_024;
    private static final int META_BYTES = 64;
    private static final long SEED = 20_261_122;

    private FloodPackets() {}

    /** The pool's key, known to the sender and to both receivers. */
    static byte[] key() {
        byte[] key = new byte[32];
        new SplittableRandom(SEED).nextBytes(key);
        return key;
    }

    /** What is to be sealed: {@code parts} random messages each; with one, the message is bare. */
    static List<byte[]> plain(int parts) {
        SplittableRandom random = new SplittableRandom(SEED + parts);
        List<Octets> messages = messages();
        List<Octets> picked = new ArrayList<>();
        for (int i = 0; i < PACKETS * parts; i++) {
            picked.add(messages.get(random.nextInt(messages.size())));
        }
        return plain(picked, parts);
    }

    private static List<byte[]> plain(List<Octets> messages, int parts) {
        List<byte[]> packets = new ArrayList<>();
        for (int from = 0; from < messages.size(); from += parts) {
            packets.add(
                    parts == 1
                            ? messages.get(from).toArray()
                            : Compound.pack(messages.subList(from, from + parts))
                                    .get(0));
        }
        return packets;
    }

    /** Seals with nonces that it has not given before. */
    static Sealer sealer() {
        SecureRandom random = new SecureRandom();
        return new Sealer(new CountedNonceSource(random::nextBytes, System::currentTimeMillis, System::nanoTime));
    }

    /** One sealed datagram about each member. */
    static List<byte[]> introductions() {
        Sealer sealer = sealer();
        GossipKey key = GossipKey.of(key());
        return plain(messages(), 1).stream()
                .map(plain -> sealer.seal(key, plain, 0, plain.length, Octets.empty()))
                .toList();
    }

    private static List<Octets> messages() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Octets> messages = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            byte[] meta = new byte[META_BYTES];
            random.nextBytes(meta);
            NodeAddress address = new NodeAddress(Octets.wrap(new byte[] {10, 1, (byte) (i >> 8), (byte) i}), 7_946);
            messages.add(Octets.wrap(SwimCodec.encode(new SwimMessage.Alive(
                    1 + random.nextInt(1_000),
                    "node-" + (1_000 + i) + ".dc1.example",
                    address,
                    Octets.wrap(meta),
                    ProtocolVersions.SERF.toOctets()))));
        }
        return messages;
    }
}
