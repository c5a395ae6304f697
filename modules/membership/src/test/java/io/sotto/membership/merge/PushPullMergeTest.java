package io.sotto.membership.merge;

import static io.sotto.membership.Members.alive;
import static io.sotto.membership.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.IntentBook;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Members;
import io.sotto.membership.SerfSettings;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushPullMergeTest {
    private static final Octets META = Octets.hex("6d");
    private static final List<MemberRecord> LOCAL = List.of(alive("self"));

    @Test
    void takesATellingOfDeathForASuspicionOfItsOwn() {
        List<SwimMessage.Claim> claims = PushPullMerge.claims(
                List.of(
                        node("a", NodeState.ALIVE),
                        node("s", NodeState.SUSPECT),
                        node("d", NodeState.DEAD),
                        node("l", NodeState.LEFT)),
                "self");
        assertThat(claims)
                .isEqualTo(List.of(
                        new SwimMessage.Alive(5, "a", Members.address(41), META, Members.VSN),
                        new SwimMessage.Suspect(5, "s", "self"),
                        new SwimMessage.Suspect(5, "d", "self"),
                        new SwimMessage.Dead(5, "l", "l")));
    }

    @Test
    void objectsToANameOrAnAddressThatALivingMemberHas() {
        MemberRecord self = alive("self");
        PushPull.Node same = at("self", self.address(), NodeState.ALIVE);
        PushPull.Node stranger = at("a", Members.address(98), NodeState.ALIVE);
        PushPull.Node sameName = at("self", Members.address(99), NodeState.ALIVE);
        PushPull.Node sameAddress = at("other", self.address(), NodeState.ALIVE);

        assertThat(PushPullMerge.placeTaken(List.of(same, stranger), self)).isEmpty();
        assertThat(PushPullMerge.placeTaken(List.of(stranger, sameName), self))
                .contains("node name 'self' is already taken by the member at " + Members.address(99));
        assertThat(PushPullMerge.placeTaken(List.of(sameAddress), self))
                .contains("address " + self.address() + " is already taken by member 'other'");
    }

    @Test
    void takesThePlaceOfAMemberThatIsGone() {
        MemberRecord self = alive("self");
        for (NodeState gone : List.of(NodeState.DEAD, NodeState.LEFT)) {
            assertThat(PushPullMerge.placeTaken(
                            List.of(at("self", Members.address(99), gone), at("other", self.address(), gone)), self))
                    .isEmpty();
        }
    }

    @Test
    void knowsItsOwnAddressInItsLongForm() {
        MemberRecord self = alive("self");
        Octets longForm =
                Octets.hex("00000000000000000000ffff" + self.address().ip().toHex());
        PushPull.Node same = at("self", new NodeAddress(longForm, self.address().port()), NodeState.ALIVE);

        assertThat(PushPullMerge.placeTaken(List.of(same), self)).isEmpty();
    }

    @Test
    void agreesWithAPoolOfTheSameVersions() {
        assertThat(PushPullMerge.versionObjection(
                        List.of(node("a", NodeState.ALIVE), node("d", NodeState.DEAD)), LOCAL))
                .isEmpty();
    }

    @Test
    void objectsToAMemberThatSpeaksAVersionOthersDoNotKnow() {
        assertThat(PushPullMerge.versionObjection(List.of(versioned("a", NodeState.ALIVE, "010503020505")), LOCAL))
                .isEmpty();
        assertThat(PushPullMerge.versionObjection(
                        List.of(
                                versioned("a", NodeState.ALIVE, "010503020505"),
                                versioned("b", NodeState.ALIVE, "010202020505")),
                        LOCAL))
                .contains("Node 'a' protocol version (3) is incompatible: [1, 2]");
        assertThat(PushPullMerge.versionObjection(List.of(versioned("a", NodeState.ALIVE, "010502040504")), LOCAL))
                .isEmpty();
        assertThat(PushPullMerge.versionObjection(List.of(versioned("a", NodeState.ALIVE, "010502020303")), LOCAL))
                .contains("Node 'self' delegate protocol version (5) is incompatible: [2, 3]");
    }

    @Test
    void judgesTheDeadButDoesNotLetThemNarrowTheRange() {
        assertThat(PushPullMerge.versionObjection(List.of(versioned("d", NodeState.DEAD, "010102020505")), LOCAL))
                .isEmpty();
        assertThat(PushPullMerge.versionObjection(List.of(versioned("d", NodeState.DEAD, "010507020505")), LOCAL))
                .contains("Node 'd' protocol version (7) is incompatible: [1, 5]");
    }

    @Test
    void objectsToARemoteMemberWithoutVersionsOrWithTooFew() {
        for (String vsn : List.of("", "0105")) {
            assertThat(PushPullMerge.versionObjection(List.of(versioned("a", NodeState.ALIVE, vsn)), LOCAL))
                    .contains("Node 'a' protocol version (0) is incompatible: [1, 5]");
        }
    }

    @Test
    void ignoresVersionsOfLocalMembersThatLeftThePool() {
        List<MemberRecord> local = List.of(alive("self"), unversioned(false));
        assertThat(PushPullMerge.versionObjection(List.of(node("a", NodeState.ALIVE)), local))
                .isEmpty();
        assertThat(PushPullMerge.versionObjection(
                        List.of(node("a", NodeState.ALIVE)), List.of(alive("self"), unversioned(true))))
                .isPresent();
    }

    @Test
    void handlesThoseThatLeftBeforeAllOthers() {
        var state = new SerfMessage.PushPullState(
                9, Map.of("a", 3L, "l", 5L, "b", 4L), List.of("l", "unknown"), 1, List.of(), 1);
        assertThat(PushPullMerge.intents(state))
                .isEqualTo(List.of(
                        new SerfMessage.Leave(6, "l", false),
                        new SerfMessage.Leave(1, "unknown", false),
                        new SerfMessage.Join(3, "a"),
                        new SerfMessage.Join(4, "b")));
    }

    @Test
    void witnessesTheTimeBeforeTheOtherSidesNext() {
        var book = book();
        PushPullMerge.witness(new SerfMessage.PushPullState(9, Map.of(), List.of(), 4, List.of(), 0), book);
        assertThat(book.members().time()).isEqualTo(9);
        PushPullMerge.witness(new SerfMessage.PushPullState(0, Map.of(), List.of(), 40, List.of(), 50), book);
        assertThat(book.members().time()).isEqualTo(9);
    }

    @Test
    void showsThePoolToMemberlistAndTheListToSerf() {
        MemberRecord reaped = outOfPool(member("gone", NodeState.LEFT));
        List<MemberRecord> records = List.of(alive("self"), member("d", NodeState.DEAD), reaped);

        assertThat(PushPullMerge.nodes(records))
                .isEqualTo(List.of(node("self", NodeState.ALIVE), node("d", NodeState.DEAD)));
        IntentBook book = book();
        book.members().witness(20);
        assertThat(PushPullMerge.withEvents(PushPullMerge.serfState(records, book), 4, List.of(Optional.empty()), 5))
                .isEqualTo(new SerfMessage.PushPullState(
                        21,
                        Map.of("self", 10L, "d", 10L, "gone", 10L),
                        List.of("gone"),
                        4,
                        List.of(Optional.empty()),
                        5));
    }

    private static IntentBook book() {
        return new IntentBook(SerfSettings.serf().recentIntentTimeout());
    }

    private static PushPull.Node node(String name, NodeState state) {
        return new PushPull.Node(name, Members.address(41), META, 5, state, Members.VSN);
    }

    private static PushPull.Node versioned(String name, NodeState state, String vsn) {
        return new PushPull.Node(name, Members.address(41), META, 5, state, Octets.hex(vsn));
    }

    private static MemberRecord unversioned(boolean pooled) {
        MemberRecord known = member("u", NodeState.DEAD);
        return copy(known, Octets.hex("000000000000"), pooled);
    }

    private static MemberRecord outOfPool(MemberRecord known) {
        return copy(known, known.vsn(), false);
    }

    private static MemberRecord copy(MemberRecord known, Octets vsn, boolean pooled) {
        return new MemberRecord(
                known.name(),
                known.address(),
                known.meta(),
                vsn,
                known.incarnation(),
                known.state(),
                known.changedAt(),
                known.status(),
                known.statusLTime(),
                pooled);
    }

    private static PushPull.Node at(String name, NodeAddress address, NodeState state) {
        return new PushPull.Node(name, address, META, 5, state, Members.VSN);
    }
}
