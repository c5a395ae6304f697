package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.testkit.fuzz.FuzzTarget;
import io.sotto.testkit.fuzz.KnownAttack;
import io.sotto.testkit.fuzz.LiveTarget;
import io.sotto.testkit.fuzz.StreamEnding;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nested and lying inputs against agents in processes of their own: each is dropped and counted, the next ping is answered
 * within 100 ms, and the process does not grow.
 */
final class HostileInputIT {
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PING_MAX = Duration.ofMillis(100);

    /** What a process may grow by over all of a test's input: the heap's own breathing, not what was announced. */
    private static final long GROWTH_MAX_BYTES = 48 << 20;

    @TempDir
    static Path directory;

    private static Victim plain;
    private static Victim sealed;

    /** An agent, and how to reach it. */
    private record Victim(AgentProcess agent, FuzzTarget target, InetSocketAddress gossip, LiveTarget live) {
        static Victim start(String name, Optional<String> key) throws Exception {
            AgentProcess agent = new AgentProcess(name, Site.ipv4(Site.SERF_PORT), directory, "serf", key);
            agent.start(List.of());
            FuzzTarget target = key.map(base64 -> FuzzTarget.sealed(name, GossipKey.parse(base64)))
                    .orElseGet(() -> FuzzTarget.plain(name));
            InetSocketAddress gossip = new InetSocketAddress(
                    InetAddress.getByName(agent.site().ip()), agent.site().port());
            return new Victim(agent, target, gossip, LiveTarget.at(gossip, target));
        }

        long count(String metric) {
            return agent.api().metric("sotto_gossip_datagrams_" + metric);
        }

        long residentBytes() {
            return agent.process().orElseThrow().residentBytes();
        }
    }

    @BeforeAll
    static void startTheAgents() throws Exception {
        plain = Victim.start("plain", Optional.empty());
        sealed = Victim.start("sealed", Optional.of(Keys.random(32)));
        // What memory the first of everything takes is no growth.
        for (KnownAttack attack : KnownAttack.values()) {
            sendAll(plain, attack.datagrams());
            sendAll(sealed, attack.sealed(sealed.target()));
            for (Octets stream : attack.streams()) {
                plain.live().exchange(stream, here(plain), PATIENCE);
            }
        }
    }

    @AfterAll
    static void endTheAgents() {
        plain.agent().process().ifPresent(NodeProcess::kill);
        sealed.agent().process().ifPresent(NodeProcess::kill);
    }

    @ParameterizedTest
    @EnumSource(KnownAttack.class)
    void isDroppedFromAnybody(KnownAttack attack) throws Exception {
        assertDropped(plain, attack.datagrams());
    }

    @ParameterizedTest
    @EnumSource(KnownAttack.class)
    void isDroppedFromAKeyHolder(KnownAttack attack) throws Exception {
        assertDropped(sealed, attack.sealed(sealed.target()));
    }

    @ParameterizedTest
    @EnumSource(
            value = KnownAttack.class,
            names = {"BOMB", "BOMB_IN_LAYERS", "COMPRESSION_90_DEEP", "LISTS_60000_DEEP", "LENGTHS_OF_2_TO_THE_31"})
    void isRefusedOnAStream(KnownAttack attack) throws Exception {
        long before = plain.residentBytes();
        List<Octets> streams = attack.streams();
        assertThat(streams).isNotEmpty();
        for (Octets stream : streams) {
            assertThat(plain.live().exchange(stream, here(plain), PATIENCE))
                    .isIn(StreamEnding.REFUSED, StreamEnding.CLOSED);
        }
        assertUnhurt(plain, before);
    }

    private static void assertDropped(Victim victim, List<Octets> datagrams) throws Exception {
        awaitNothingWaits(victim);
        long residentBefore = victim.residentBytes();
        long acceptedBefore = victim.count("accepted");
        long rejectedBefore = victim.count("rejected");
        long sent = 0;
        for (int round = 0; round < ROUNDS; round++) {
            sent += sendAll(victim, datagrams);
        }
        assertThat(victim.count("rejected") - rejectedBefore).isEqualTo(sent);
        assertThat(victim.count("accepted")).isEqualTo(acceptedBefore);
        assertUnhurt(victim, residentBefore);
    }

    /** A ping is answered a moment before it is counted. */
    private static void awaitNothingWaits(Victim victim) {
        Awaitility.await().atMost(PATIENCE).until(() -> victim.count("waiting") == 0);
    }

    private static void assertUnhurt(Victim victim, long residentBefore) {
        // The machine may be busy with other things: what counts is that the agent is not.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> victim.live().ping(here(victim), PING_MAX).isPresent());
        assertThat(victim.residentBytes() - residentBefore).isLessThan(GROWTH_MAX_BYTES);
        assertThat(victim.agent().members())
                .extracting(MemberLine::name)
                .containsExactly(victim.target().name());
    }

    /** Sends one at a time what is large, so that the kernel holds it; waits until all of it was dealt with. */
    private static long sendAll(Victim victim, List<Octets> datagrams) throws Exception {
        long before = victim.count("received");
        long sent = 0;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(here(victim), 0))) {
            for (Octets datagram : datagrams) {
                byte[] bytes = datagram.toArray();
                socket.send(new DatagramPacket(bytes, bytes.length, victim.gossip()));
                sent++;
                if (bytes.length > 8_000 || sent == datagrams.size()) {
                    long expected = before + sent;
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> victim.count("received") == expected && victim.count("waiting") == 0);
                }
            }
        }
        return sent;
    }

    /** The victim's own address, so that it needs no other. */
    private static InetAddress here(Victim victim) {
        return victim.gossip().getAddress();
    }
}
