package io.sotto.membership;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Join and leave intents in every state of the member they are about. */
class SerfIntentsVectorTest {
    private static final Instant NOW = Members.NOW;
    private static final int NODES = 2;

    @TestFactory
    Stream<DynamicTest> treatsIntentsAsRealSerfDoes() {
        return Vectors.each("serf-intents.json", vector -> {
            if (vector.input().has("state")) {
                runInState(vector.input(), vector.expected());
            } else {
                runBeforeTheMember(vector.input(), vector.expected());
            }
        });
    }

    private static void runInState(JsonNode input, JsonNode expected) {
        String state = input.get("state").asText();
        long base = input.get("base_ltime").asLong();
        var book = new IntentBook(SerfSettings.serf().recentIntentTimeout());
        book.members().witness(base);
        String name = state.equals("self") ? "self" : "n";
        SerfMessage.Intent intent = intent(input, name);
        book.members().witness(intent.ltime());
        switch (state) {
            case "unknown" -> {
                book.buffer(new SerfMessage.Join(base, name), NOW);
                Vectors.assertFlag(expected, "rebroadcast", book.buffer(intent, NOW));
                checkBuffered(expected, book.recent(name, NOW).orElseThrow());
            }
            case "self" -> {
                SelfMachine self = SelfMachine.resume(record("self", SerfStatus.ALIVE, base), Members.rules());
                List<Effect> effects = new ArrayList<>(self.onIntent(intent));
                List<String> own = new ArrayList<>();
                for (Effect.AnnounceJoin announce : Members.only(Effect.AnnounceJoin.class, effects)) {
                    SerfMessage.Join join = book.stampJoin(announce.node());
                    own.add(Octets.wrap(SerfCodec.encode(join)).toHex());
                    self.onIntent(join);
                }
                Vectors.assertTexts(expected, "own_broadcasts", own);
                check(expected, effects, self.record());
            }
            default -> {
                var status = SerfStatus.valueOf(state.toUpperCase(Locale.ROOT));
                MemberMachine member = MemberMachine.resume(record("n", status, base), Members.rules());
                List<Effect> effects = member.onIntent(intent, NOW);
                Vectors.assertTexts(expected, "own_broadcasts", List.of());
                check(expected, effects, member.record().orElseThrow());
            }
        }
        Vectors.assertNumber(expected, "clock_after", book.members().time());
    }

    private static void runBeforeTheMember(JsonNode input, JsonNode expected) {
        var book = new IntentBook(SerfSettings.serf().recentIntentTimeout());
        book.buffer(intent(input, "n"), NOW);
        MemberMachine member = MemberMachine.unknown("n", Members.rules(), book.recent("n", NOW), NOW);
        member.onClaim(Members.aliveClaim("n", 1), NODES, NOW);
        MemberRecord joined = member.record().orElseThrow();
        Vectors.assertText(expected, "status_after", word(joined.status()));
        Vectors.assertNumber(expected, "status_ltime_after", joined.statusLTime());
        member.onClaim(new SwimMessage.Dead(1, "n", "accuser-1"), NODES, NOW);
        Vectors.assertText(
                expected,
                "status_after_memberlist_leave",
                word(member.record().orElseThrow().status()));
    }

    private static void check(JsonNode expected, List<Effect> effects, MemberRecord after) {
        Vectors.assertText(expected, "status_after", word(after.status()));
        Vectors.assertNumber(expected, "status_ltime_after", after.statusLTime());
        Vectors.assertFlag(
                expected,
                "rebroadcast",
                !Members.only(Effect.PassOn.class, effects).isEmpty());
        List<String> events = Members.only(Effect.Publish.class, effects).stream()
                .flatMap(publish -> publish.event().stream())
                .map(event -> event(event.kind()))
                .toList();
        Vectors.assertTexts(expected, "events", events);
    }

    private static void checkBuffered(JsonNode expected, SerfMessage.Intent buffered) {
        if (expected.has("buffered_intent")) {
            JsonNode intent = expected.get("buffered_intent");
            Vectors.assertNumber(intent, "ltime", buffered.ltime());
            Vectors.assertNumber(intent, "type", buffered.kind().code());
        }
    }

    private static SerfMessage.Intent intent(JsonNode input, String name) {
        long ltime = input.get("ltime").asLong();
        return switch (input.get("intent").asText()) {
            case "join" -> new SerfMessage.Join(ltime, name);
            case "leave" -> new SerfMessage.Leave(ltime, name, false);
            default -> throw new AssertionError("no intent " + input);
        };
    }

    private static MemberRecord record(String name, SerfStatus status, long ltime) {
        NodeState state = switch (status) {
            case ALIVE, LEAVING, NONE -> NodeState.ALIVE;
            case FAILED -> NodeState.DEAD;
            case LEFT -> NodeState.LEFT;
        };
        return Members.member(name, state).withStatus(status).withStatusLTime(ltime);
    }

    private static String word(SerfStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String event(MemberEvent.Kind kind) {
        return switch (kind) {
            case JOINED -> "member-join";
            case UPDATED -> "member-update";
            case LEFT -> "member-leave";
            case FAILED -> "member-failed";
            case REAPED -> "member-reap";
        };
    }
}
