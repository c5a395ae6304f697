package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobKeysTest {
    private static final String SESSION = "7a07b729-7392-caf2-0b1d-a128d4648277";

    private final JobKeys keys = JobKeys.of("_rexec", SESSION);

    @Test
    void keysAreCalledAsRealAgentsCallThem() {
        assertThat(keys.job()).isEqualTo("_rexec/" + SESSION + "/job");
        assertThat(keys.ack("dd")).isEqualTo("_rexec/" + SESSION + "/dd/ack");
        assertThat(keys.output("dd", 27)).isEqualTo("_rexec/" + SESSION + "/dd/out/0001b");
        assertThat(keys.exit("dd")).isEqualTo("_rexec/" + SESSION + "/dd/exit");
    }

    @ParameterizedTest
    @CsvSource({"_rexec", "/_rexec", "_rexec/", "//_rexec//"})
    void slashesTooManyMeanNothing(String prefix) {
        assertThat(JobKeys.of(prefix, SESSION)).isEqualTo(keys);
    }

    @Test
    void aNodeMayBeCalledWhateverItIs() {
        for (String node : new String[] {"dd", "a/b", "out", "x/out/y", "ack"}) {
            assertThat(keys.read(keys.ack(node))).isEqualTo(new JobKeys.Key.Ack(node));
            assertThat(keys.read(keys.exit(node))).isEqualTo(new JobKeys.Key.Exit(node));
            assertThat(keys.read(keys.output(node, 5))).isEqualTo(new JobKeys.Key.Output(node, 5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dd", "dd/else", "dd/out/", "dd/out/zz", "/ack", "/exit", ""})
    void otherKeysAreUnknown(String rest) {
        assertThat(keys.read(keys.folder() + rest)).isInstanceOf(JobKeys.Key.Unknown.class);
        assertThat(keys.read("elsewhere/" + rest)).isInstanceOf(JobKeys.Key.Unknown.class);
    }

    @Test
    void anEventComesBackFromItsPayload() {
        ExecEvent event = new ExecEvent("_rexec", SESSION);
        assertThat(event.encode()).isEqualTo(Octets.utf8("{\"Prefix\":\"_rexec\",\"Session\":\"" + SESSION + "\"}"));
        assertThat(ExecEvent.decode(event.encode())).isEqualTo(Optional.of(event));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"Prefix\":\"_rexec\"}",
                "{\"Prefix\":\"_rexec\",\"Session\":\"../../secret\"}",
                "{\"Prefix\":\"a\\nb\",\"Session\":\"7a07b729-7392-caf2-0b1d-a128d4648277\"}"
            })
    void anEventThatLeadsToNoSessionIsNone(String payload) {
        assertThat(ExecEvent.decode(Octets.utf8(payload))).isEmpty();
    }

    @Test
    void theIdOfAnEventIsShownOnlyIfItIsOne() {
        assertThat(ExecEvent.shown(SESSION)).isEqualTo(SESSION);
        assertThat(ExecEvent.shown("x\n[ERROR] agent: forged")).isEqualTo("?");
    }
}
