package io.sotto.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether upshifts came to their end, and whether the configuration says what they changed. */
final class UpshiftChecks {
    private UpshiftChecks() {}

    static List<Finding> upshifts(Optional<MachineSeen> machine, Optional<PoolSeen> pool) {
        List<Finding> findings = new ArrayList<>();
        pool.ifPresent(seen -> seen.upshifts().forEach(upshift -> of(upshift).ifPresent(findings::add)));
        machine.ifPresent(seen -> seen.applied().forEach(file -> findings.add(applied(file))));
        return findings;
    }

    private static Optional<Finding> of(UpshiftSeen upshift) {
        String verb = "sotto upshift " + upshift.kind() + " ";
        if (!upshift.outcome().isEmpty()) {
            return upshift.outcome().equals("finished") && !upshift.without().isEmpty()
                    ? Optional.of(Finding.warning(
                            upshift.kind(),
                            "went on without " + Names.some(upshift.without())
                                    + ", which cannot talk to the others until given what they have",
                            verb + "run, once they are there again"))
                    : Optional.empty();
        }
        String stands = "stands half way, at " + upshift.confirmed();
        if (!upshift.isUnderWay()) {
            return Optional.of(Finding.problem(
                    upshift.kind(),
                    stands + ", and nobody drives it: " + upshift.driver() + " did",
                    verb + "run on any agent goes on with it, " + verb + "abort goes back"));
        }
        if (upshift.waitsForNext()) {
            return Optional.of(
                    Finding.warning(upshift.kind(), stands + ", and waits to be told to go on", verb + "next"));
        }
        return Optional.of(
                upshift.waitingFor().isEmpty()
                        ? Finding.note(upshift.kind(), "is under way, driven by " + upshift.driver(), verb + "status")
                        : Finding.warning(
                                upshift.kind(),
                                stands + ", and waits for " + Names.some(upshift.waitingFor()),
                                verb + "status says why, and what mends it"));
    }

    private static Finding applied(AppliedSeen file) {
        return Finding.warning(
                file.path(),
                "holds what upshifts changed and the configuration does not say yet: "
                        + String.join(", ", file.lines()),
                "put these lines into the configuration's section cluster, in Consul's files under their names there,"
                        + " then sotto reload, which takes them out of this file");
    }
}
