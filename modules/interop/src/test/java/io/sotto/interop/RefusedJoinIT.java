package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an operator can get wrong ends with the reason and exit code 1, and the real pools that it was aimed at stay as they
 * are.
 */
@NeedsPeer("serf")
class RefusedJoinIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Path directory = NodeFiles.directory("refused-join");
    private final Optional<String> key = Optional.of(Keys.random(32));
    private final Pool encrypted = new Pool("refused, encrypted");
    private final Pool plain = new Pool("refused, plain");
    private final SerfProcess keyed = serf("keyed", key);
    private final SerfProcess open = serf("open", Optional.empty());

    @BeforeEach
    void startTheRealPools() {
        encrypted.start(keyed);
        encrypted.start(serf("keyed-too", key));
        plain.start(open);
        plain.start(serf("open-too", Optional.empty()));
        encrypted.awaitAgreement("formed", FormulaTime.joinBound());
        plain.awaitAgreement("formed", FormulaTime.joinBound());
    }

    @AfterEach
    void end() {
        encrypted.close();
        plain.close();
    }

    @Test
    void everyMistakeIsRefusedWithItsReasonAndHurtsNobody() {
        List<String> joinKeyed = List.of("-join", keyed.site().address());
        sotto("wrong-key", Optional.of(Keys.random(32)))
                .assertRefused(joinKeyed, "No installed keys could decrypt the message");
        sotto("no-key", Optional.empty())
                .assertRefused(joinKeyed, "Remote state is encrypted and encryption is not configured");
        sotto("needless-key", key)
                .assertRefused(
                        List.of("-join", open.site().address()),
                        "Encryption is configured but remote state is not encrypted");
        sotto("nobody-there", key)
                .assertRefused(List.of("-join", Site.ipv4(Site.SERF_PORT).address()), "connection refused");
        new AgentProcess("taken-port", keyed.site(), directory, "serf", key).assertRefused(List.of(), "already in use");
        assertThat(encrypted.running()).hasSize(2);
        encrypted.awaitAgreement("unharmed", FormulaTime.joinBound());
        plain.awaitAgreement("unharmed", FormulaTime.joinBound());
        Set.of(keyed, open)
                .forEach(real -> assertThat(LogLines.of(real).events())
                        .as("members that came or went at %s", real.name())
                        .hasSize(2));
    }

    @Test
    void aTakenHttpPortEndsTheAgentAndLeavesItsHolderAlone() {
        AgentProcess holder = sotto("holder", key);
        encrypted.start(holder);
        encrypted.awaitAgreement("a sotto agent joined", FormulaTime.joinBound());
        Site sameControl = new Site(
                Site.ipv4(Site.SERF_PORT).ip(), Site.SERF_PORT, holder.site().control());
        new AgentProcess("taken-http", sameControl, directory, "serf", key).assertRefused(List.of(), "already in use");
        encrypted.awaitAgreement("unharmed", FormulaTime.joinBound());
    }

    @Test
    void retryJoinSaysWhyItIsRefusedAndGoesOnTrying() {
        AgentProcess wrong = sotto("wrong-key", Optional.of(Keys.random(16)));
        try (wrong) {
            wrong.start(List.of(keyed.site().address()));
            Awaitility.await("the reason is logged")
                    .atMost(BOUND)
                    .untilAsserted(() -> assertThat(wrong.log())
                            .contains("No installed keys could decrypt the message")
                            .contains("will retry"));
            assertThat(wrong.isRunning()).isTrue();
            assertThat(wrong.members()).hasSize(1);
            encrypted.awaitAgreement("unharmed", FormulaTime.joinBound());
        }
    }

    private SerfProcess serf(String name, Optional<String> ownKey) {
        return new SerfProcess(Peers.program("serf"), name, Site.ipv4(Site.SERF_PORT), directory, ownKey);
    }

    private AgentProcess sotto(String name, Optional<String> ownKey) {
        return new AgentProcess(name, Site.ipv4(Site.SERF_PORT), directory, "serf", ownKey);
    }
}
