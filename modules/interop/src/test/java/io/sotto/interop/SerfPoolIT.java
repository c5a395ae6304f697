package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Three sotto agents and three real serf agents, of several versions where there are several, are one pool. */
@NeedsPeer("serf")
@Execution(ExecutionMode.CONCURRENT)
class SerfPoolIT {
    private static final int OF_EACH_KIND = 3;

    @Test
    void sixAgentsOfTwoKindsAreOnePoolWithA32ByteKey() {
        play("key of 32 bytes", Optional.of(Keys.random(32)), index -> Site.ipv4(Site.SERF_PORT));
    }

    @Test
    void sixAgentsOfTwoKindsAreOnePoolWithA16ByteKey() {
        play("key of 16 bytes", Optional.of(Keys.random(16)), index -> Site.ipv4(Site.SERF_PORT));
    }

    @Test
    void sixAgentsOfTwoKindsAreOnePoolWithoutAKey() {
        play("no key", Optional.empty(), index -> Site.ipv4(Site.SERF_PORT));
    }

    @Test
    void sixAgentsOfTwoKindsAreOnePoolOverIpv6() {
        Assumptions.assumeTrue(SerfProcess.hasIpv6(), "this machine has no IPv6");
        play("::1, key of 32 bytes", Optional.of(Keys.random(32)), index -> Site.ipv6());
    }

    private static void play(String name, Optional<String> key, IntFunction<Site> sites) {
        Path directory = NodeFiles.directory("serf-pool " + name.replace(':', '-'));
        List<Path> programs = Peers.programs("serf", "serf-newer", "serf-older");
        List<SerfProcess> serfs = IntStream.range(0, OF_EACH_KIND)
                .mapToObj(i ->
                        new SerfProcess(programs.get(i % programs.size()), "serf-" + i, sites.apply(i), directory, key))
                .toList();
        List<AgentProcess> sottos = IntStream.range(0, OF_EACH_KIND)
                .mapToObj(i -> new AgentProcess("sotto-" + i, sites.apply(i), directory, "serf", key))
                .toList();
        try (Pool pool = new Pool(name)) {
            for (int i = 0; i < OF_EACH_KIND; i++) {
                pool.start(serfs.get(i));
                pool.start(sottos.get(i));
            }
            pool.awaitAgreement("six members see each other", FormulaTime.joinBound());
            bothVerbsAgree(serfs.get(0), sottos.get(0));

            Duration failure = FormulaTime.failureBound(pool.size());
            for (PoolNode victim : List.of(sottos.get(2), serfs.get(2))) {
                pool.kill(victim);
                pool.awaitAgreement(victim.name() + " was killed: failed", failure);
                pool.start(victim);
                pool.awaitAgreement(victim.name() + " returned: alive", FormulaTime.joinBound());
            }
            for (PoolNode leaver : List.of(sottos.get(1), serfs.get(1))) {
                pool.leave(leaver);
                pool.awaitAgreement(leaver.name() + " left: left, not failed", FormulaTime.leaveBound());
            }
            bothVerbsAgree(serfs.get(0), sottos.get(0));
        }
    }

    private static void bothVerbsAgree(SerfProcess serf, AgentProcess sotto) {
        assertThat(sotto.membersByVerb())
                .as("sotto members and serf members")
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(serf.members());
    }
}
