package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.gossip.datapath.DatapathRig;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Label;
import io.sotto.wire.packet.Unwrapper;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One datagram in, and all that follows from it: what the stages let through, and what a production pool answers and
 * learns. Source: gossip specification, sections 4, 7, 8 and 14; memberlist 0.5.0 gave the expectations.
 */
class PacketIngestVectorTest {
    private static final String ASKER = "127.0.0.66:6666";
    private static final Octets ANY_NONCE = Octets.hex("000102030405060708090a0b");

    private static ActorTestKit testKit;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create(ManualTime.config());
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> packetIngest() {
        return Vectors.each("packet-ingest.json", PacketIngestVectorTest::check);
    }

    private static void check(JsonNode input, JsonNode expected) throws Exception {
        checkStages(input, expected);
        if (!input.path("skip_inbound_label_check").asBoolean()) {
            // A pool has no setting for proxies that strip labels; only the stages have it.
            checkPool(input, expected);
        }
    }

    private static void checkStages(JsonNode input, JsonNode expected) throws Exception {
        DatapathRig rig = new DatapathRig(testKit.system(), Vectors.policy(input), sealer(), PoolRig.selfAddress());
        rig.arrive(
                Vectors.address(input.get("from").asText()),
                Octets.hex(input.get("packet").asText()));

        List<String> users = new ArrayList<>();
        rig.delivered().forEach(inbound -> {
            if (inbound.message() instanceof SwimMessage.User user) {
                users.add(user.body().toHex());
            }
        });
        Vectors.assertTexts(expected, "delivered_user_messages", users);
    }

    /** A production pool of one node in virtual time: when the packet has been taken in, all that follows has happened. */
    private static void checkPool(JsonNode input, JsonNode expected) throws Exception {
        try (VirtualSystem virtual = new VirtualSystem()) {
            virtual.tolerateWarning("memberlist: ");
            MemoryNetwork network = new MemoryNetwork();
            WirePolicy policy = Vectors.policy(input);
            PoolSettings settings = PoolRig.settings(
                    policy,
                    Octets.empty(),
                    ProtocolVersions.SERF,
                    directory.resolve("ring-" + System.identityHashCode(input)));
            PoolState state = PoolState.create(settings, virtual.time());
            ActorRef<GossipPool.Command> pool =
                    virtual.spawn(GossipPool.create(settings, PoolRig.environment(network, virtual.time()), state));
            VirtualSystem.Recorder<MemberEvent> events = virtual.recorder();
            virtual.tell(pool, new GossipPool.Subscribe(events.ref()));
            assertThat(events.take()).extracting(PacketIngestVectorTest::text).containsExactly("join self");

            network.inject(
                    Vectors.address(input.get("from").asText()),
                    PoolRig.selfAddress(),
                    Octets.hex(input.get("packet").asText()));
            virtual.settle();

            List<String> told =
                    events.all().stream().map(PacketIngestVectorTest::text).toList();
            Vectors.assertTexts(expected, "events", told);
            checkSent(policy, expected, network.sent());
            checkNodes(state, expected);
            assertThat(state.members().records()).as("members beside ourselves").hasSize(1 + told.size());
            assertAnswers(virtual, network, policy);
        }
    }

    /** Whatever came before, the pool is there. */
    private static void assertAnswers(VirtualSystem virtual, MemoryNetwork network, WirePolicy policy)
            throws Exception {
        InetSocketAddress asker = Vectors.address(ASKER);
        network.inject(asker, PoolRig.selfAddress(), ping(policy));
        virtual.settle();
        assertThat(network.sent()).extracting(MemoryNetwork.Sent::to).contains(asker);
    }

    private static Octets ping(WirePolicy policy) {
        byte[] plain = SwimCodec.encode(new SwimMessage.Ping(4_242, "", Optional.empty()));
        Optional<GossipKey> key = policy.ring().primary();
        byte[] packet = key.isPresent() ? sealer().seal(key.get(), plain, 0, plain.length, policy.label()) : plain;
        return Octets.wrap(Label.add(policy.label(), packet));
    }

    private static Sealer sealer() {
        return new Sealer((target, offset) -> ANY_NONCE.copyTo(target, offset));
    }

    private static void checkSent(WirePolicy policy, JsonNode expected, List<MemoryNetwork.Sent> sent)
            throws Exception {
        if (!expected.has("sent")) {
            return;
        }
        assertThat(sent).as("sent").hasSameSizeAs(expected.get("sent"));
        for (int i = 0; i < sent.size(); i++) {
            JsonNode wanted = expected.get("sent").get(i);
            assertThat(sent.get(i).to())
                    .isEqualTo(Vectors.address(wanted.get("to").asText()));
            assertThat(firstMessage(policy, sent.get(i).bytes()))
                    .isEqualTo(
                            firstMessage(policy, Octets.hex(wanted.get("packet").asText())));
        }
    }

    /** Nonces differ and news may ride along; the answer itself is the first message inside. */
    private static String firstMessage(WirePolicy policy, Octets packet) {
        Octets bytes = ((Label.Admitted.Rest) Label.admit(packet, policy.label(), false)).rest();
        if (policy.sealingKey().isPresent()) {
            bytes = ((Opened.Plain) new Opener().open(policy.ring(), bytes, policy.label())).plain();
        }
        bytes = ((Checksum.Verified.Intact) Checksum.verify(bytes)).rest();
        return Unwrapper.unwrap(bytes, Limits.defaults()).messages().get(0).toHex();
    }

    private static void checkNodes(PoolState state, JsonNode expected) {
        for (Iterator<String> keys = expected.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (key.startsWith("node_")) {
                JsonNode wanted = expected.get(key);
                MemberRecord record =
                        state.members().find(key.substring("node_".length())).orElseThrow();
                assertThat(record.address().ip().toHex())
                        .isEqualTo(wanted.get("addr").asText());
                assertThat(record.address().port()).isEqualTo(wanted.get("port").asInt());
                assertThat(record.incarnation())
                        .isEqualTo(wanted.get("incarnation").asLong());
                assertThat(record.state().code()).isEqualTo(wanted.get("state").asInt());
            }
        }
    }

    private static String text(MemberEvent event) {
        String verb = switch (event.kind()) {
            case JOINED -> "join";
            case UPDATED -> "update";
            case LEFT, FAILED, REAPED -> "leave";
        };
        return verb + " " + event.member().name();
    }
}
