package io.sotto.membership.upshift;

import io.sotto.membership.upshift.MemberEvidence.Gives;
import io.sotto.membership.upshift.MemberEvidence.Presence;
import io.sotto.membership.upshift.Obstacle.Ground;
import io.sotto.membership.upshift.Verdict.Answer;
import io.sotto.membership.upshift.Verdict.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers for each step of an upshift whether it would cut a member off.
 *
 * <pre>
 *   keyed      nobody refuses the plaintext of those that have no key yet
 *   outgoing   everybody opens what each of the primary keys seals
 *   incoming   everybody seals with a key that all hold, and nobody has taken plaintext in for {@link #QUIET}
 *   remove k   nobody seals with k, and everybody opens what the others seal with
 * </pre>
 *
 * <p>A member that failed may come back with the settings that it went with, so it counts as unknown. A member that gives
 * no report speaks by its traffic: sealed within {@link #LATELY}, and nothing plain for {@link #QUIET}.
 *
 * <p>Immutable; made for one moment. Source: ours.
 */
public final class UpshiftGate {
    /** For so long no plaintext must have been taken in before it may be refused. */
    public static final Duration QUIET = Duration.ofMinutes(1);

    /** Traffic longer ago than this says nothing about now. */
    public static final Duration LATELY = Duration.ofMinutes(5);

    private final List<MemberEvidence> members;
    private final Instant now;
    private final Set<String> primaries;
    private final Set<String> keys;

    private UpshiftGate(List<MemberEvidence> members, Instant now) {
        this.members = members.stream()
                .sorted(Comparator.comparing(MemberEvidence::name))
                .toList();
        this.now = now;
        this.primaries = reports().map(SelfReport::primary).collect(Collectors.toCollection(TreeSet::new));
        this.keys = reports().flatMap(report -> report.keys().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The verdicts on all steps; the removable keys last, by id. {@code now} is by this node's clock. */
    public static List<Verdict> judge(List<MemberEvidence> members, Instant now) {
        UpshiftGate gate = new UpshiftGate(members, now);
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(gate.keyed());
        verdicts.add(gate.outgoing());
        verdicts.add(gate.incoming());
        for (String key : gate.keys) {
            if (!gate.primaries.equals(Set.of(key))) {
                verdicts.add(gate.remove(key));
            }
        }
        return verdicts;
    }

    private Verdict keyed() {
        List<MemberEvidence> silent =
                members.stream().filter(member -> member.report().isEmpty()).toList();
        boolean allSeal = silent.stream().allMatch(this::isSealingLately);
        // Where this node takes nothing in that is plain, who is alive here and seals is so by a key.
        boolean refusesHere =
                members.stream().anyMatch(member -> member.presence() == Presence.SELF && refuses(member));
        Findings findings = new Findings();
        for (MemberEvidence member : members) {
            if (refuses(member) && !allSeal) {
                findings.against(member, Ground.REPORT, "refuses plaintext already, which members without a key send");
            }
        }
        if (allSeal && members.stream().anyMatch(UpshiftGate::refuses)) {
            silent.forEach(findings::hint);
        }
        return findings.verdict(Step.KEYED, "", silent.isEmpty() || (allSeal && refusesHere));
    }

    private static boolean refuses(MemberEvidence member) {
        return member.report().filter(SelfReport::verifyIncoming).isPresent();
    }

    private Verdict outgoing() {
        Findings findings = new Findings();
        for (MemberEvidence member : members) {
            Optional<SelfReport> report = member.report();
            if (report.isPresent()) {
                lacks(report.get(), primaries).ifPresent(why -> findings.against(member, Ground.REPORT, why));
            } else if (isSealingLately(member)
                    && primaries.contains(member.sealedWith().orElse(""))) {
                findings.hint(member);
            } else {
                findings.unknown(member, "whether it holds the key cannot be seen from here");
            }
        }
        return findings.verdict(Step.OUTGOING, "", all(SelfReport::verifyOutgoing));
    }

    private Verdict incoming() {
        Findings findings = new Findings();
        for (MemberEvidence member : members) {
            Optional<SelfReport> report = member.report();
            if (report.isPresent()) {
                sealing(member, report.get(), findings);
            } else if (member.lastPlain().filter(this::isWithinQuiet).isPresent()) {
                findings.against(member, Ground.HINT, "sent plaintext " + ago(member.lastPlain()));
            } else if (isSealingLately(member)) {
                findings.hint(member);
            } else {
                findings.unknown(member, "nothing sealed came from it lately");
            }
        }
        return findings.verdict(Step.INCOMING, "", all(SelfReport::verifyIncoming));
    }

    private void sealing(MemberEvidence member, SelfReport report, Findings findings) {
        if (!report.verifyOutgoing()) {
            findings.against(member, Ground.REPORT, "does not seal what it sends: its encrypt_verify_outgoing is off");
        } else if (lacks(report, primaries).isPresent()) {
            findings.against(member, Ground.REPORT, lacks(report, primaries).get());
        } else if (!report.verifyIncoming() && isPlainWithinQuiet(report)) {
            // Whoever sent that need not be known here, so who took it in is named.
            findings.against(
                    member,
                    Ground.REPORT,
                    "took plaintext in within the last " + QUIET.toSeconds() + " s, of somebody");
        }
    }

    private Verdict remove(String key) {
        Set<String> others = new TreeSet<>(primaries);
        others.remove(key);
        Findings findings = new Findings();
        for (MemberEvidence member : members) {
            Optional<SelfReport> report = member.report();
            if (report.isPresent() && report.get().primary().equals(key)) {
                findings.against(member, Ground.REPORT, "seals with it");
            } else if (report.isPresent()) {
                lacks(report.get(), others).ifPresent(why -> findings.against(member, Ground.REPORT, why));
            } else if (isSealingLately(member)
                    && member.sealedWith().filter(key::equals).isPresent()) {
                findings.against(member, Ground.HINT, "sealed with it " + ago(member.lastSealed()));
            } else if (isSealingLately(member)) {
                findings.hint(member);
            } else {
                findings.unknown(member, "which key it seals with cannot be seen from here");
            }
        }
        return findings.verdict(Step.REMOVE, key, false);
    }

    private static Optional<String> lacks(SelfReport report, Set<String> wanted) {
        List<String> missing =
                wanted.stream().filter(key -> !report.keys().contains(key)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("lacks the key " + String.join(", ", missing) + ", which others seal with");
    }

    private boolean all(Predicate<SelfReport> test) {
        return members.stream()
                .allMatch(member -> member.presence() != Presence.FAILED
                        && member.report().filter(test).isPresent());
    }

    /** Whether traffic speaks for it, which it does only for who gives no report. */
    private boolean isSealingLately(MemberEvidence member) {
        return member.presence() == Presence.ALIVE
                && member.gives() == Gives.NOTHING
                && member.lastSealed()
                        .filter(at -> at.plus(LATELY).isAfter(now))
                        .isPresent();
    }

    private boolean isWithinQuiet(Instant at) {
        return at.plus(QUIET).isAfter(now);
    }

    private static boolean isPlainWithinQuiet(SelfReport report) {
        return report.lastPlaintext()
                .filter(at -> at.plus(QUIET).isAfter(report.reportedAt()))
                .isPresent();
    }

    private String ago(Optional<Instant> at) {
        return at.map(then -> Math.max(0, Duration.between(then, now).toSeconds()) + " s ago")
                .orElse("");
    }

    private Stream<SelfReport> reports() {
        return members.stream().flatMap(member -> member.report().stream());
    }

    /** What speaks against a step, and for whom only hints speak. */
    private static final class Findings {
        private final List<Obstacle> obstacles = new ArrayList<>();
        private final List<String> onHints = new ArrayList<>();

        void against(MemberEvidence member, Ground ground, String why) {
            obstacles.add(new Obstacle(member.name(), ground, why));
        }

        void hint(MemberEvidence member) {
            onHints.add(member.name());
        }

        void unknown(MemberEvidence member, String unseen) {
            String why = switch (member.presence()) {
                case SELF -> "this node, holds no key";
                case FAILED -> "has failed, and may come back as it went";
                case ALIVE ->
                    member.gives() == Gives.REPORTS
                            ? "gave no sealed report: it holds no key of this node's, or was not reached"
                            : "gives no reports, and " + unseen;
            };
            against(member, Ground.UNKNOWN, why);
        }

        Verdict verdict(Step step, String key, boolean done) {
            Answer answer = done
                    ? Answer.DONE
                    : !obstacles.isEmpty() ? Answer.UNSAFE : onHints.isEmpty() ? Answer.SAFE : Answer.LIKELY;
            return new Verdict(step, key, answer, done ? List.of() : obstacles, done ? List.of() : onHints);
        }
    }
}
