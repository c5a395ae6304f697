package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The truth table of the real code: local state × message × incarnation. Constants: gossip specification, section 20.
 */
class StateMachineVectorTest {
    private static final Instant NOW = Members.NOW;
    private static final Duration RECLAIM = Duration.ofSeconds(30);
    private static final int NODES = 2;
    private static final String ACCUSER = "accuser-1";
    private static final NodeAddress N_ADDRESS = Members.address(41);
    private static final NodeAddress SELF_ADDRESS = Members.address(10);
    private static final NodeAddress OTHER_ADDRESS = Members.address(99);
    private static final NodeAddress MAPPED_ADDRESS =
            new NodeAddress(Octets.hex("00000000000000000000ffff7f000029"), N_ADDRESS.port());
    private static final Octets N_META = Octets.hex("6d");
    private static final Octets NEW_META = Octets.hex("6d32");
    private static final Octets N_VSN = Octets.hex("010502020504");
    private static final Octets SELF_VSN = Octets.hex("010502000000");
    private static final String ELAPSED = "dead_node_reclaim_time_elapsed";

    @TestFactory
    Stream<DynamicTest> behavesAsTheRealCodeInEveryStateAndForEveryMessage() {
        Map<String, Rig> cumulative = new HashMap<>();
        return Vectors.each("state-machine.json", vector -> {
            JsonNode input = vector.input();
            switch (vector.rig()) {
                case "remote" -> run(new Rig(input, N_META, NOW), vector, N_ADDRESS);
                case "self", "self-after-leave" -> run(new Rig(input, N_META, NOW), vector, SELF_ADDRESS);
                case "conflict" -> {
                    if (!input.has(ELAPSED)) {
                        run(new Rig(input, Octets.empty(), NOW), vector, MAPPED_ADDRESS);
                    } else {
                        String key = input.get("local_state") + "/" + input.get("local_incarnation") + "/"
                                + input.get(ELAPSED);
                        Instant changedAt = input.get(ELAPSED).asBoolean()
                                ? NOW.minus(RECLAIM).minusSeconds(1)
                                : NOW;
                        Rig rig = cumulative.computeIfAbsent(key, k -> new Rig(input, N_META, changedAt));
                        run(rig, vector, OTHER_ADDRESS);
                    }
                }
                default -> throw new AssertionError("no rig for " + vector.name());
            }
        });
    }

    private static void run(Rig rig, Vectors.Vector vector, NodeAddress address) {
        boolean aboutSelf = vector.rig().startsWith("self");
        List<Effect> effects = rig.feed(claim(vector.input(), aboutSelf, address));
        JsonNode expected = vector.expected();
        Vectors.assertTexts(expected, "broadcasts", broadcasts(effects));
        Vectors.assertTexts(expected, "events", events(effects));
        Vectors.assertNumber(expected, "health_score", rig.self.healthScore());
        if (!expected.has("after")) {
            return;
        }
        JsonNode after = expected.get("after");
        Optional<MemberRecord> record = aboutSelf ? Optional.of(rig.self.record()) : rig.memberInPool();
        assertThat(record.isPresent()).as("known").isEqualTo(!after.isNull());
        record.ifPresent(known -> {
            Vectors.assertText(after, "addr", known.address().ip().toHex());
            Vectors.assertNumber(after, "incarnation", known.incarnation());
            Vectors.assertText(after, "meta", known.meta().toHex());
            Vectors.assertNumber(after, "state", known.state().code());
            Vectors.assertFlag(after, "suspicion_timer", !aboutSelf && rig.hasSuspicionTimer());
        });
    }

    private static SwimMessage.Claim claim(JsonNode input, boolean aboutSelf, NodeAddress address) {
        String kind = input.get("input").asText();
        long incarnation = input.get("input_incarnation").asLong();
        String name = aboutSelf ? "self" : "n";
        Octets vsn = aboutSelf ? SELF_VSN : N_VSN;
        if (kind.startsWith("pp-")) {
            NodeState state = NodeState.valueOf(kind.substring(3).toUpperCase(Locale.ROOT));
            var node = new PushPull.Node(name, address, NEW_META, incarnation, state, vsn);
            return PushPullMerge.claims(List.of(node), "self").get(0);
        }
        return switch (kind) {
            case "alive" -> new SwimMessage.Alive(incarnation, name, address, NEW_META, vsn);
            case "suspect" -> new SwimMessage.Suspect(incarnation, name, ACCUSER);
            case "dead" -> new SwimMessage.Dead(incarnation, name, ACCUSER);
            case "leave" -> new SwimMessage.Dead(incarnation, name, name);
            default -> throw new AssertionError("no message " + kind);
        };
    }

    private static List<String> broadcasts(List<Effect> effects) {
        return Members.only(Effect.Gossip.class, effects).stream()
                .map(gossip -> Octets.wrap(SwimCodec.encode(gossip.claim())).toHex())
                .toList();
    }

    private static List<String> events(List<Effect> effects) {
        List<String> events = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                publish.event()
                        .ifPresent(event -> events.add(
                                word(event.kind()) + " " + event.member().name()));
            } else if (effect instanceof Effect.Conflict conflict) {
                events.add("conflict existing=" + conflict.existing().name() + "@"
                        + conflict.existing().address() + " other="
                        + conflict.other().node() + "@" + conflict.other().address());
            }
        }
        return events;
    }

    private static String word(MemberEvent.Kind kind) {
        return switch (kind) {
            case JOINED -> "join";
            case UPDATED -> "update";
            case LEFT, FAILED, REAPED -> "leave";
        };
    }

    /** The local node and at most one other, composed as a pool composes them. */
    private static final class Rig {
        private final SelfMachine self;
        private final MemberMachine member;

        Rig(JsonNode input, Octets meta, Instant changedAt) {
            var rules = PoolRules.open(
                    "self", SwimSettings.lan().asUpstream().withDeadNodeReclaimTime(RECLAIM), SerfSettings.serf());
            String state = input.get("local_state").asText();
            long incarnation = input.get("local_incarnation").asLong();
            self = SelfMachine.resume(
                    new MemberRecord(
                            "self",
                            SELF_ADDRESS,
                            Octets.empty(),
                            SELF_VSN,
                            incarnation,
                            NodeState.ALIVE,
                            NOW,
                            SerfStatus.ALIVE,
                            0,
                            true),
                    rules);
            if (state.equals("left")) {
                self.leave(NOW);
            }
            member = state.equals("unknown")
                    ? MemberMachine.unknown("n", rules, Optional.empty(), NOW)
                    : MemberMachine.resume(stored(state, incarnation, meta, changedAt), rules);
            member.restartTimer(NODES, NOW);
        }

        private static MemberRecord stored(String state, long incarnation, Octets meta, Instant changedAt) {
            NodeState nodeState = NodeState.valueOf(state.toUpperCase(Locale.ROOT));
            SerfStatus status = switch (nodeState) {
                case ALIVE, SUSPECT -> SerfStatus.ALIVE;
                case DEAD -> SerfStatus.FAILED;
                case LEFT -> SerfStatus.LEFT;
            };
            return new MemberRecord("n", N_ADDRESS, meta, N_VSN, incarnation, nodeState, changedAt, status, 0, true);
        }

        List<Effect> feed(SwimMessage.Claim claim) {
            return claim.node().equals("self") ? self.onClaim(claim, NOW) : member.onClaim(claim, NODES, NOW);
        }

        Optional<MemberRecord> memberInPool() {
            return member.record().filter(MemberRecord::pooled);
        }

        boolean hasSuspicionTimer() {
            return member.hasSuspicionTimer();
        }
    }
}
