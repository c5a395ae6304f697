package io.sotto.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sotto agent finds a real serf agent by a name that has to be looked up. */
@NeedsPeer("serf")
class RetryJoinIT {
    @Test
    void aNameInRetryJoinIsLookedUpAndTriedUntilSomebodyAnswers() {
        Path directory = NodeFiles.directory("retry-join");
        Optional<String> key = Optional.of(Keys.random(32));
        Site seed = Site.localhost();
        SerfProcess serf = new SerfProcess(Peers.program("serf"), "serf-0", seed, directory, key);
        AgentProcess sotto = new AgentProcess("sotto-0", Site.ipv4(Site.SERF_PORT), directory, "serf", key);
        try (Pool pool = new Pool("retry_join by name")) {
            // Nobody answers yet: the first attempts fail, a later one finds the seed.
            pool.start(sotto, List.of("localhost:" + seed.port()));
            pool.start(serf, List.of());
            pool.awaitAgreement("both see each other", FormulaTime.joinBound());
        }
    }
}
