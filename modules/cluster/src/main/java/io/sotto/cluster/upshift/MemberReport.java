package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftReport;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member answers when it is asked how it stands.
 *
 * @param said of its encryption and its calls, and which records it keeps
 * @param hindrances by kind, why it can take no stage, in words that follow its name
 * @param laid what upshifts have changed on it that its own settings do not say yet, as lines for them
 * @param driven by kind, how the upshift stands that it drives
 * @param rotation the rotation of the pool's key that it drives, if it does
 */
public record MemberReport(
        UpshiftReport said,
        Map<UpshiftKind, String> hindrances,
        List<String> laid,
        Map<UpshiftKind, Driven> driven,
        Optional<Rotating> rotation) {
    public MemberReport {
        hindrances = Map.copyOf(hindrances);
        laid = List.copyOf(laid);
        driven = Map.copyOf(driven);
    }

    /** Of a member that drives no rotation. */
    public MemberReport(
            UpshiftReport said,
            Map<UpshiftKind, String> hindrances,
            List<String> laid,
            Map<UpshiftKind, Driven> driven) {
        this(said, hindrances, laid, driven, Optional.empty());
    }

    /**
     * A rotation of the pool's key, as its driver sees it.
     *
     * @param keyId of the new key; empty while there is none
     */
    public record Rotating(String keyId) {}

    /**
     * How an upshift stands, as its driver sees it.
     *
     * @param isWaitingForNext whether it waits to be told
     * @param waitingFor members, and why it waits for them
     * @param text more about it, or empty
     */
    public record Driven(boolean isWaitingForNext, SortedMap<String, String> waitingFor, String text) {
        public Driven {
            waitingFor = Collections.unmodifiableSortedMap(new TreeMap<>(waitingFor));
        }
    }

    public MemberReport driving(Map<UpshiftKind, Driven> under) {
        return new MemberReport(said, hindrances, laid, under, rotation);
    }

    public MemberReport rotating(Optional<Rotating> under) {
        return new MemberReport(said, hindrances, laid, driven, under);
    }

    /** What an operator is to put into its settings now: nothing while the next stage is still to come. */
    Optional<String> toBeSaid(UpshiftKind kind) {
        boolean isUnderWay = said.records().stream()
                .anyMatch(record -> record.kind() == kind && record.outcome().isEmpty());
        List<String> lines = laid.stream()
                .filter(line -> line.startsWith("tls.") == (kind == UpshiftKind.TLS))
                .toList();
        return isUnderWay || lines.isEmpty()
                ? Optional.empty()
                : Optional.of("put into its settings: " + String.join(", ", lines));
    }

    Optional<String> hindrance(UpshiftKind kind) {
        return Optional.ofNullable(hindrances.get(kind));
    }
}
