package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.EnvelopeVersion;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import io.sotto.wire.crypto.ReplayGuard;
import io.sotto.wire.crypto.Sealer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the stages do with authentic datagrams that came before, or in an old version, and what they note of whom. */
class GuardedEnvelopesTest {
    private static final long SEED = 20_261_122;
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    private static final InetSocketAddress OTHER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8);
    private static final Octets HELLO = Octets.hex("0868656c6c6f");
    private static final GossipKey KEY =
            GossipKey.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private static final WirePolicy STRICT = WirePolicy.sealed(Keyring.of(KEY));
    private static final WirePolicy MIGRATING =
            new WirePolicy(Keyring.of(KEY), false, false, Octets.empty(), false, true, AllowList.all());

    private static ActorTestKit testKit;

    private final Random random = new Random(SEED);
    private final Sealer counting = new Sealer(new CountedNonceSource(random::nextBytes, () -> 0, () -> 0));
    private final Sealer drawing = new Sealer((target, offset) -> {
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, target, offset, nonce.length);
    });

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void datagramsPassOnceInAnyOrderWhateverSourceTheySeemToComeFromAgain() throws Exception {
        DatapathRig rig = rig(STRICT, guarded());
        List<Octets> datagrams = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            datagrams.add(seal(counting));
            datagrams.add(seal(drawing));
        }
        Collections.shuffle(datagrams, random);
        for (Octets datagram : datagrams) {
            rig.inject(PEER, datagram);
        }
        Collections.shuffle(datagrams, random);
        for (Octets datagram : datagrams) {
            rig.inject(random.nextBoolean() ? PEER : OTHER, datagram);
        }

        rig.arrive(PEER, datagrams.get(0));

        assertThat(rig.delivered()).as("seed %s", SEED).hasSize(600);
        assertThat(rig.counters.rejected(Reason.REPLAY)).isEqualTo(601);
        assertThat(rig.counters.rejected()).isEqualTo(601);
        assertThat(rig.log).singleElement().asString().contains("replay").contains("doubled on the way");
    }

    @Test
    void aReplayIsNoPlaintextWherePlaintextIsLetThrough() throws Exception {
        DatapathRig rig = rig(MIGRATING, guarded());
        Octets datagram = seal(counting);

        rig.arrive(PEER, datagram);
        rig.arrive(PEER, datagram);
        rig.arrive(PEER, HELLO);
        rig.arrive(PEER, HELLO);

        assertThat(rig.delivered()).extracting(Inbound::sealed).containsExactly(true, false, false);
        assertThat(rig.counters.rejected(Reason.REPLAY)).isEqualTo(1);
    }

    @Test
    void version0IsRefusedWhereClaimsAreGuardedAndTakenAsTheRealMembersTakeItElsewhere() throws Exception {
        Sealer old = new Sealer(nonces(9), EnvelopeVersion.V0);
        Octets datagram = seal(old);
        DatapathRig guarded = rig(STRICT, EnvelopeGuard.withoutVersion0(guarded()));
        DatapathRig upstream = rig(STRICT, EnvelopeGuard.none());

        guarded.arrive(PEER, datagram);
        upstream.arrive(PEER, datagram);
        upstream.arrive(PEER, datagram);

        assertThat(guarded.delivered()).isEmpty();
        assertThat(guarded.counters.rejected(Reason.VERSION)).isEqualTo(1);
        assertThat(upstream.delivered()).hasSize(2);
    }

    @Test
    void notesTheKeyOfTheLastSealedDatagramThePlainOneAndWhatWasRefused() throws Exception {
        DatapathRig rig = rig(MIGRATING, guarded());
        rig.advance(Duration.ofSeconds(10));
        Octets datagram = seal(counting);
        rig.arrive(PEER, datagram);
        rig.advance(Duration.ofSeconds(5));
        rig.arrive(PEER, HELLO);
        rig.arrive(PEER, datagram);
        rig.arrive(PEER, datagram);
        rig.arrive(OTHER, Octets.hex("20"));

        Evidence evidence = rig.rejections.evidence();

        assertThat(evidence.of(PEER))
                .isEqualTo(new Evidence.Traffic(
                        Optional.of(Instant.EPOCH.plusSeconds(10)),
                        Optional.of(KEY.id()),
                        Optional.of(Instant.EPOCH.plusSeconds(15)),
                        Map.of(Reason.REPLAY, 2L)));
        assertThat(evidence.of(OTHER).isSilent()).isTrue();
        assertThat(evidence.of(OTHER).rejections()).containsOnlyKeys(Reason.TYPE);
        assertThat(evidence.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)))
                .isEqualTo(Evidence.Traffic.none());
    }

    @Test
    void strangersWithoutTheKeyDoNotDisplaceWhoHasIt() throws Exception {
        Evidence evidence = new Evidence(() -> 7);
        List<InetSocketAddress> members = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            InetSocketAddress member = new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}), 8_301);
            members.add(member);
            evidence.stream(member, Optional.of(KEY));
        }
        for (int i = 0; i < 200_000; i++) {
            byte[] host = new byte[4];
            random.nextBytes(host);
            evidence.refused(
                    new InetSocketAddress(InetAddress.getByAddress(host), random.nextInt(65_536)),
                    Reason.UNDECRYPTABLE,
                    8);
        }

        assertThat(members)
                .as("seed %s", SEED)
                .allSatisfy(member -> assertThat(evidence.of(member).keyId()).hasValue(KEY.id()));
    }

    private DatapathRig rig(WirePolicy policy, EnvelopeGuard guard) throws Exception {
        return new DatapathRig(
                testKit.system(),
                policy,
                new Sealer(nonces(1)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                guard);
    }

    private static EnvelopeGuard guarded() {
        return new ReplayGuard(ReplayGuard.Settings.defaults(), () -> 0, SEED);
    }

    private static NonceSource nonces(int fill) {
        return (target, offset) -> Arrays.fill(target, offset, offset + 12, (byte) fill);
    }

    private static Octets seal(Sealer sealer) {
        return Octets.wrap(sealer.seal(KEY, HELLO.toArray(), 0, HELLO.length(), Octets.empty()));
    }
}
