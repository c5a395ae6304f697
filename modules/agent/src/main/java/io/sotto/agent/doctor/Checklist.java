package io.sotto.agent.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All checks, in the order in which they are told. Pure. Source: ours; security rules, promises 3 to 7. */
public final class Checklist {
    private static final String NO_AGENT = "no agent was asked";

    private Checklist() {}

    /**
     * Makes every check that these facts allow.
     *
     * @param agent its settings; empty if neither its configuration nor itself told them
     * @param machine what lies on this machine; empty if that is not the agent's
     * @param pool its pool; empty if no agent was asked, or none answered
     */
    public static Diagnosis examine(
            Optional<AgentSeen> agent, Optional<MachineSeen> machine, Optional<PoolSeen> pool, Instant now) {
        List<Checked> all = new ArrayList<>();
        all.add(with("access", agent, NO_AGENT, AccessChecks::access));
        all.add(with("tls", agent, NO_AGENT, AccessChecks::tls));
        String elsewhere = "the agent's files are not known here: name its configuration";
        all.add(with("file-modes", machine, elsewhere, seen -> FileChecks.modes(seen.files())));
        all.add(with("certificates", machine, elsewhere, seen -> FileChecks.certificates(seen, agent, now)));
        all.add(with("members", pool, NO_AGENT, PoolChecks::members));
        all.add(udp(pool));
        all.add(with("tcp", pool, NO_AGENT, PoolChecks::tcp));
        all.add(with("mtu", pool, NO_AGENT, PoolChecks::mtu));
        all.add(servers(pool));
        all.add(with("plaintext", pool, NO_AGENT, seen -> GossipChecks.plaintext(seen, agent)));
        all.add(with("keys", pool, NO_AGENT, GossipChecks::keys));
        all.add(with("labels", pool, NO_AGENT, GossipChecks::labels));
        all.add(with("refused", pool, NO_AGENT, GossipChecks::refused));
        all.add(
                machine.isPresent() || pool.isPresent()
                        ? Checked.of("upshifts", UpshiftChecks.upshifts(machine, pool))
                        : Checked.skipped("upshifts", NO_AGENT));
        all.add(with("versions", pool, NO_AGENT, PoolChecks::versions));
        return new Diagnosis(all);
    }

    private static Checked udp(Optional<PoolSeen> pool) {
        return pool.isPresent() && pool.get().acked().isEmpty()
                ? Checked.skipped("udp", "this agent cannot ask its pool for acks")
                : with("udp", pool, NO_AGENT, PoolChecks::udp);
    }

    private static Checked servers(Optional<PoolSeen> pool) {
        return pool.isPresent() && pool.get().servers().isEmpty()
                ? Checked.skipped("servers", "no server was called by TLS")
                : with("servers", pool, NO_AGENT, PoolChecks::servers);
    }

    private static <T> Checked with(String name, Optional<T> facts, String without, Function<T, List<Finding>> check) {
        return facts.map(seen -> Checked.of(name, check.apply(seen))).orElseGet(() -> Checked.skipped(name, without));
    }
}
