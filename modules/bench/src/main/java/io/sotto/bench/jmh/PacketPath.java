package io.sotto.bench.jmh;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.packet.Unwrapper;
import java.time.Instant;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One step of the packet path each, on a datagram of eight alive messages or on one of its messages. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PacketPath {
    private static final int PARTS = 8;
    private static final long SEED = 20_261_122;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Limits limits = Limits.defaults();
    private final GossipKey key = GossipKey.of(random(32));
    private final Keyring ring = Keyring.of(key);
    private final SwimMessage.Alive alive = new SwimMessage.Alive(
            7,
            "node-1000.dc1.example",
            new NodeAddress(Octets.wrap(new byte[] {10, 1, 0, 1}), 7_946),
            Octets.wrap(random(64)),
            ProtocolVersions.SERF.toOctets());
    private final MemberRecord known = new MemberRecord(
            alive.node(),
            alive.address(),
            alive.meta(),
            alive.vsn(),
            alive.incarnation(),
            NodeState.ALIVE,
            Instant.EPOCH,
            SerfStatus.ALIVE,
            0,
            true);
    private final Octets message = Octets.wrap(SwimCodec.encode(alive));
    private final byte[] plain =
            Compound.pack(Collections.nCopies(PARTS, message)).get(0);
    private final Octets packet = Octets.wrap(plain);
    private final Sealer sealer =
            new Sealer(new CountedNonceSource(random::nextBytes, System::currentTimeMillis, System::nanoTime));
    private final Opener opener = new Opener();
    private final Octets sealed = Octets.wrap(sealer.seal(key, plain, 0, plain.length, Octets.empty()));
    private final byte[] sealedTarget = new byte[sealed.length()];
    private final byte[] openedTarget = new byte[plain.length];

    /** Into an array that is kept. */
    @Benchmark
    public int seal() {
        return sealer.sealInto(key, plain, 0, plain.length, Octets.empty(), sealedTarget, 0);
    }

    /** Into an array that is kept. */
    @Benchmark
    public int open() {
        return opener.openInto(ring, sealed, Octets.empty(), 1, openedTarget, 0);
    }

    /** A compound of eight. */
    @Benchmark
    public Unwrapper.Unwrapped unwrap() {
        return Unwrapper.unwrap(packet, limits);
    }

    /** One alive message. */
    @Benchmark
    public Decoded decode() {
        return SwimCodec.decode(message, limits);
    }

    /** Whether one alive message says anything new. */
    @Benchmark
    public boolean holds() {
        return known.holds(alive);
    }

    private byte[] random(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
