package io.sotto.testkit.mutant;

import static io.sotto.testkit.mutant.Mutant.gossip;
import static io.sotto.testkit.mutant.Mutant.membership;
import static io.sotto.testkit.mutant.Mutant.planted;

import java.util.ArrayList;
import java.util.List;

/** The planted bugs, each of which random schedules must find. */
final class Mutants {
    private static final String OLD_ALIVE = "if (alive.incarnation() <= known.incarnation() && !reclaimed) {";
    private static final String HELD_ALIVE = "claim.incarnation() <= incarnation";
    private static final String HELD_OTHER =
            "case SUSPECT, DEAD -> claim.incarnation() < incarnation || state.isGone();";
    private static final String OLD_SUSPECT =
            "if (known == null || !known.pooled() || suspect.incarnation() < known.incarnation()) {";
    private static final String OLD_DEAD =
            "if (known == null || !known.pooled() || dead.incarnation() < known.incarnation()) {";

    private Mutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(incarnations());
        all.addAll(refutations());
        all.addAll(probes());
        all.addAll(suspicions());
        all.addAll(exchanges());
        all.addAll(leaves());
        all.addAll(clocks());
        all.addAll(queues());
        all.addAll(memories());
        return List.copyOf(all);
    }

    private static List<Mutant> incarnations() {
        return List.of(
                planted(
                        "an alive of an equal incarnation revives",
                        membership("MemberMachine", OLD_ALIVE, OLD_ALIVE.replace("<=", "<")),
                        membership("MemberRecord", HELD_ALIVE, HELD_ALIVE.replace("<=", "<"))),
                planted(
                        "any alive revives the dead",
                        membership(
                                "MemberMachine",
                                OLD_ALIVE,
                                "if (alive.incarnation() <= known.incarnation() && !reclaimed && !known.state().isGone()) {"),
                        membership("MemberRecord", HELD_ALIVE, "!state.isGone() && " + HELD_ALIVE)),
                planted(
                        "a suspicion of an older incarnation counts",
                        membership("MemberMachine", OLD_SUSPECT, "if (known == null || !known.pooled()) {"),
                        membership("MemberRecord", HELD_OTHER, "case SUSPECT, DEAD -> state.isGone();")),
                planted(
                        "a death of an older incarnation counts",
                        membership("MemberMachine", OLD_DEAD, "if (known == null || !known.pooled()) {"),
                        membership("MemberRecord", HELD_OTHER, "case SUSPECT, DEAD -> state.isGone();")),
                planted(
                        "a suspicion must have a higher incarnation",
                        membership("MemberMachine", OLD_SUSPECT, OLD_SUSPECT.replace("<", "<="))),
                planted(
                        "a death must have a higher incarnation",
                        membership("MemberMachine", OLD_DEAD, OLD_DEAD.replace("<", "<="))));
    }

    private static List<Mutant> refutations() {
        String refute = "case SUSPECT, DEAD -> left ? List.of() : onAccusation(claim, now);";
        return List.of(
                planted(
                        "a suspicion about oneself is ignored",
                        membership(
                                "SelfMachine",
                                refute,
                                "case SUSPECT -> List.of();\n" + refute.replace("SUSPECT, ", ""))),
                planted(
                        "no accusation about oneself is refuted",
                        membership("SelfMachine", refute, "case SUSPECT, DEAD -> List.of();")),
                planted(
                        "a refutation has the incarnation of the accusation",
                        membership(
                                "SelfMachine",
                                "long incarnation = Math.max(next(record.incarnation()), next(accusation.incarnation()));",
                                "long incarnation = Math.max(record.incarnation(), accusation.incarnation());")),
                planted(
                        "a refutation is kept to oneself",
                        membership("SelfMachine", "effects.add(new Effect.Gossip(addressText(), alive()));", ""),
                        membership(
                                "SelfMachine",
                                "return List.of(new Effect.Gossip(addressText(), alive()));",
                                "return List.of();"),
                        membership("SelfMachine", "effects.add(new Effect.Answer(alive()));", "")));
    }

    private static List<Mutant> probes() {
        return List.of(
                planted("no helper is asked", membership("probe/ProbeMachine", "settings.indirectChecks(),", "0,")),
                planted(
                        "a helper keeps the answer to itself",
                        membership(
                                "probe/IndirectRelay",
                                "return Optional.of(new SwimMessage.Ack(request.seqNo(), Octets.empty()));",
                                "return Octets.empty().isEmpty() ? Optional.empty() : Optional.empty();")),
                planted(
                        "an ack is ignored",
                        membership("probe/ProbeMachine", "if (ack.seqNo() != seqNo) {", "if (ack.seqNo() >= 0) {")),
                planted(
                        "a nack counts as an ack",
                        membership(
                                "probe/ProbeMachine",
                                "nacksReceived.add(from);",
                                "if (nacksReceived.size() >= 0) {\nreturn over(new Verdict.Indirect(target));\n}")),
                planted(
                        "a stream that was not answered counts as an ack",
                        gossip(
                                "Probe",
                                "new StreamAnswered(failure == null && acked)",
                                "new StreamAnswered(failure != null || acked || true)")),
                planted(
                        "a failed probe accuses nobody",
                        gossip(
                                "ProbeScheduler",
                                "links.members.tell(new Members.Accuse(failed.suspicion(), failed.witnesses()));",
                                "")),
                planted(
                        "health never recovers",
                        membership("HealthScore", "(long) score + delta", "(long) score + Math.max(0, delta)")),
                planted(
                        "the probe ring never wraps",
                        membership("probe/ProbeRing", "index = 0;", "index = names.size();")),
                planted("the probe ring skips one", membership("probe/ProbeRing", "index = 0;", "index = 1;")));
    }

    private static List<Mutant> suspicions() {
        return List.of(
                planted(
                        "a suspicion is never confirmed",
                        membership(
                                "Suspicion",
                                "return confirmers.size() < expected",
                                "return confirmers.size() > expected")),
                planted(
                        "a suspicion never ends",
                        membership(
                                "MemberMachine",
                                "if (generation == suspicionGeneration && running != null",
                                "if (generation == NO_TIMER && running != null")),
                planted(
                        "a suspicion ends at once",
                        membership(
                                "Suspicion",
                                "return left.isNegative() ? Duration.ZERO : left;",
                                "return left.isNegative() ? Duration.ZERO : left.multipliedBy(0);")),
                planted(
                        "a suspicion survives its refutation",
                        membership(
                                "MemberMachine",
                                "dropSuspicion();\n        effects.add(new Effect.Gossip(name, alive));",
                                "effects.add(new Effect.Gossip(name, alive));")));
    }

    private static List<Mutant> exchanges() {
        String told = "new SwimMessage.Alive(node.incarnation(), ";
        String accused = "case DEAD, SUSPECT -> new SwimMessage.Suspect(node.incarnation(), node.name(), self);";
        return List.of(
                planted(
                        "a death told in an exchange counts as one",
                        membership(
                                "merge/PushPullMerge",
                                accused,
                                "case DEAD -> new SwimMessage.Dead(node.incarnation(), node.name(), self);\n"
                                        + accused.replace("DEAD, ", ""))),
                planted(
                        "an exchange raises incarnations",
                        membership("merge/PushPullMerge", told, "new SwimMessage.Alive(node.incarnation() + 1, ")),
                planted(
                        "an exchange takes the dead for alive",
                        membership("merge/PushPullMerge", "case ALIVE ->\n", "case ALIVE, DEAD ->\n"),
                        membership("merge/PushPullMerge", "case DEAD, SUSPECT ->", "case SUSPECT ->"),
                        membership(
                                "merge/PushPullMerge",
                                told,
                                "new SwimMessage.Alive(node.incarnation() + (state == NodeState.DEAD ? 1 : 0), ")),
                planted(
                        "nobody tries to reach who failed",
                        membership("Roster", "if (failed.isEmpty() || ", "if (failed.size() >= 0 || ")),
                planted(
                        "who left is asked to join again",
                        membership(
                                "Roster",
                                "if (record.status() == SerfStatus.FAILED) {",
                                "if (record.status().isGone()) {"),
                        gossip("MembersView", "return others.failed > 0;", "return others.failed >= 0;")),
                planted(
                        "an address takes over the name of a failed member",
                        membership(
                                "MemberMachine",
                                "!reclaimTime.isZero()\n                        && Duration.between",
                                "Duration.between")));
    }

    private static List<Mutant> leaves() {
        String isLeave = "dead.isLeave() ? NodeState.LEFT : NodeState.DEAD";
        return List.of(
                planted("a leave is seen as a failure", membership("MemberMachine", isLeave, "NodeState.DEAD")),
                planted("a death is seen as a leave", membership("MemberMachine", isLeave, "NodeState.LEFT")),
                planted(
                        "a leave intent is ignored",
                        membership(
                                "MemberMachine",
                                "case ALIVE -> become(heard.withStatus(SerfStatus.LEAVING), effects);",
                                "case ALIVE -> become(heard, effects);")),
                planted("who left is told news", membership("Roster", "case LEFT -> false;", "case LEFT -> true;")));
    }

    private static List<Mutant> clocks() {
        String witness = "if (Long.compareUnsigned(other, time) >= 0) {";
        return List.of(
                planted(
                        "a join intent is not witnessed by who makes it",
                        membership("IntentBook", "members.witness(join.ltime());", "")),
                planted(
                        "an equal Lamport time does not advance the clock",
                        membership("LamportClock", witness, witness.replace(">=", ">"))),
                planted(
                        "an intent that is heard does not advance the clock",
                        gossip("Members", "book.members().witness(intent.ltime());", "")));
    }

    private static List<Mutant> queues() {
        return List.of(
                planted(
                        "a message is sent without end",
                        membership(
                                "broadcast/BroadcastQueue",
                                "if (place.transmits + 1 >= transmitLimit) {",
                                "if (place.transmits + 1 >= Integer.MAX_VALUE - transmitLimit) {")),
                planted(
                        "a queue never drains",
                        membership(
                                "broadcast/BroadcastQueue", "while (tier <= lastTier) {", "while (tier < lastTier) {")),
                planted(
                        "news does not replace what it outdates",
                        membership(
                                "broadcast/BroadcastQueue",
                                "Waiting<T> replaced = replacedPlace == null ? null : order.remove(replacedPlace);",
                                "Waiting<T> replaced = null;")));
    }

    private static List<Mutant> memories() {
        String deadTime = "isOlder(record.changedAt(), settings.gossipToTheDeadTime(), now);\n    }";
        String tombstone = "settings.tombstoneTimeout()";
        return List.of(
                planted(
                        "the pool forgets the dead too early",
                        membership("Roster", deadTime, deadTime.replace("Time()", "Time().dividedBy(4)"))),
                planted(
                        "who left is forgotten too early",
                        membership("Roster", tombstone, tombstone + ".dividedBy(40)"),
                        gossip("ReapQueue", tombstone, tombstone + ".dividedBy(40)")));
    }
}
