package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import io.sotto.cluster.upshift.UpshiftCarrier.Heard;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.Stands;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where everybody stands: asks all members at once for their reports, has those looked at who give none, and takes what
 * is there when the time is up. Any thread; each census is one of its own, and ends in any case. Source: ours.
 */
public final class Census {
    /** Who has not answered by then does not answer. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final String NO_CALLS =
            "takes no calls of members: its rpc.enabled is off, or it is an agent of another kind";

    /** Has something done later. */
    @FunctionalInterface
    public interface Later {
        void after(Duration delay, Runnable task);
    }

    /**
     * What was found.
     *
     * @param reports by name
     * @param silent why there is none, by name, of those that are there
     * @param bare those of them that were reached and take no calls by TLS
     * @param seen what could be seen of those
     * @param asked the names of those that were asked: they count by their own word only
     * @param attendance who was listed when it was over
     * @param sotto the names of those that say that they are of this kind
     */
    record Seen(
            Map<String, MemberReport> reports,
            Map<String, String> silent,
            Collection<String> bare,
            SortedMap<String, Stand> seen,
            Collection<String> asked,
            Attendance attendance,
            Collection<String> sotto) {
        /** Where everybody stands who is there. */
        Map<String, Stand> stands(UpshiftKind kind, String keyId, Instant now) {
            Map<String, Stand> stands = new HashMap<>();
            reports.forEach((name, report) -> stands.put(name, stand(name, report, kind, keyId, now)));
            silent.forEach((name, why) -> {
                Stand known = seen.get(name);
                boolean isSeen = known != null && known.ground() != Stand.Ground.UNKNOWN && !asked.contains(name);
                stands.put(name, isSeen ? known : unknown(name, why, kind, known));
            });
            return stands;
        }

        private static Stand stand(String name, MemberReport report, UpshiftKind kind, String keyId, Instant now) {
            Stand own = Stands.of(name, true, report.said(), kind, keyId, now);
            Optional<String> lines = report.toBeSaid(kind);
            return new Stand(
                    own.stage(),
                    own.ground(),
                    own.quiet(),
                    report.hindrance(kind).or(own::hindrance),
                    own.needs(),
                    own.mend().or(() -> lines));
        }

        /** Whoever cannot be asked by TLS cannot be sent a key either. */
        private Stand unknown(String name, String why, UpshiftKind kind, @Nullable Stand known) {
            boolean isSotto = sotto.contains(name);
            Stand stand = Stand.unknown(
                    known == null || isSotto ? why : known.hindrance().orElse(why));
            return new Stand(
                    stand.stage(),
                    stand.ground(),
                    stand.quiet(),
                    stand.hindrance(),
                    kind == UpshiftKind.GOSSIP && isSotto ? Optional.of(UpshiftKind.TLS) : Optional.empty(),
                    known == null ? Optional.empty() : known.mend());
        }

        /** The last record of this kind that each keeps, by name. */
        Map<String, UpshiftRecord> records(UpshiftKind kind) {
            Map<String, UpshiftRecord> records = new TreeMap<>();
            reports.forEach((name, report) -> report.said().records().stream()
                    .filter(record -> record.kind() == kind)
                    .max(UpshiftRecord.PRECEDENCE)
                    .ifPresent(record -> records.put(name, record)));
            return records;
        }

        /** Members of this kind that no key can be sent to, since they take no calls by TLS. */
        List<String> refusingTls() {
            return bare.stream().filter(sotto::contains).sorted().toList();
        }

        /** The rotation of the pool's key that somebody drives, in words for people. */
        Optional<String> rotation() {
            return new TreeMap<>(reports)
                    .entrySet().stream()
                            .flatMap(report -> report
                                    .getValue()
                                    .rotation()
                                    .map(MemberReport.Rotating::keyId)
                                    .map(key -> "a rotation" + (key.isEmpty() ? "" : " to key " + key)
                                            + " is under way, driven by " + report.getKey())
                                    .stream())
                            .findFirst();
        }

        /** Those whose ring has this key, by name. */
        List<String> holding(String keyId) {
            return reports.entrySet().stream()
                    .filter(entry -> entry.getValue().said().gossip().stream()
                            .anyMatch(said -> said.keys().contains(keyId)))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        }
    }

    private final Roll roll;
    private final UpshiftCarrier carrier;
    private final Supplier<OutsideEvidence> outside;
    private final Supplier<MemberReport> own;
    private final Later later;

    /**
     * @param outside how those are seen who give no report; read with each census
     * @param own what this node says of itself
     */
    public Census(
            Roll roll,
            UpshiftCarrier carrier,
            Supplier<OutsideEvidence> outside,
            Supplier<MemberReport> own,
            Later later) {
        this.roll = roll;
        this.carrier = carrier;
        this.outside = outside;
        this.own = own;
        this.later = later;
    }

    /**
     * Takes one; never fails.
     *
     * @param key of a gossip upshift, once there is one, for looking at those who give no report
     */
    CompletionStage<Seen> take(UpshiftKind kind, Optional<GossipKey> key) {
        // A copy, because the upshift may be over, and its key wiped, before this is.
        Optional<GossipKey> own = key.map(GossipKey::copy);
        return taken(kind, own).whenComplete((seen, failure) -> own.ifPresent(GossipKey::wipe));
    }

    private CompletionStage<Seen> taken(UpshiftKind kind, Optional<GossipKey> key) {
        List<Member> others = roll.members().stream()
                .filter(Census::isThere)
                .filter(member -> !member.name().equals(roll.self()))
                .toList();
        ConcurrentMap<String, Heard> heard = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Member member : others) {
            Optional<UpshiftCarrier.Place> place = roll.place(member);
            if (place.isEmpty()) {
                heard.put(member.name(), new Heard.Nothing(NO_CALLS));
            } else {
                answers.add(carrier.ask(place.get())
                        .thenAccept(answer -> heard.put(member.name(), answer))
                        .toCompletableFuture());
            }
        }
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        within(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)), PATIENCE)
                .thenRun(() -> look(kind, key, others, Map.copyOf(heard), seen));
        return seen;
    }

    /** Of those without a report what can be seen, if there are any. */
    private void look(
            UpshiftKind kind,
            Optional<GossipKey> key,
            List<Member> others,
            Map<String, Heard> heard,
            CompletableFuture<Seen> result) {
        Map<String, MemberReport> reports = new HashMap<>();
        Map<String, String> silent = new HashMap<>();
        List<String> bare = new ArrayList<>();
        reports.put(roll.self(), own.get());
        List<Member> unheard = new ArrayList<>();
        for (Member member : others) {
            Heard answer = heard.getOrDefault(member.name(), new Heard.Nothing("has not answered in time"));
            if (answer instanceof Heard.Report report) {
                reports.put(member.name(), report.report());
            } else {
                Heard.Nothing nothing = (Heard.Nothing) answer;
                silent.put(member.name(), nothing.why());
                if (nothing.refusesTls()) {
                    bare.add(member.name());
                }
                unheard.add(member);
            }
        }
        CompletableFuture<SortedMap<String, Stand>> looked = unheard.isEmpty()
                ? CompletableFuture.completedFuture(new TreeMap<>())
                : outside.get().look(kind, key, unheard).toCompletableFuture();
        within(looked, PATIENCE).thenRun(() -> {
            SortedMap<String, Stand> stands =
                    looked.isDone() && !looked.isCompletedExceptionally() ? looked.join() : new TreeMap<>();
            result.complete(new Seen(reports, silent, bare, stands, asked(others), attendance(), sotto(others)));
        });
    }

    /** Ends with {@code work}, however that ends, or when the time is up; on whatever thread that happens. */
    private CompletionStage<Void> within(CompletionStage<?> work, Duration time) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        work.whenComplete((done, failure) -> over.complete(null));
        if (!over.isDone()) {
            later.after(time, () -> over.complete(null));
        }
        return over;
    }

    /** Who is listed now. */
    Attendance attendance() {
        List<String> alive = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Member member : roll.members()) {
            switch (member.status()) {
                case ALIVE, LEAVING -> alive.add(member.name());
                case FAILED -> failed.add(member.name());
                case LEFT, NONE -> left.add(member.name());
            }
        }
        return Attendance.of(alive, failed, left);
    }

    /** Whether it can be asked and ordered; who is taken for failed may well answer, being cut off in the gossip only. */
    static boolean isThere(Member member) {
        return switch (member.status()) {
            case ALIVE, LEAVING, FAILED -> true;
            case LEFT, NONE -> false;
        };
    }

    private Collection<String> asked(List<Member> members) {
        return members.stream()
                .filter(member -> roll.place(member).isPresent())
                .map(Member::name)
                .toList();
    }

    private static Collection<String> sotto(List<Member> members) {
        return members.stream()
                .filter(member -> member.tags().containsKey(SottoQuery.TAG))
                .map(Member::name)
                .toList();
    }
}
