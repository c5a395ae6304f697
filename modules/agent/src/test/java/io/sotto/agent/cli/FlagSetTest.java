package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FlagSetTest {
    private final FlagSet flags = new FlagSet()
            .toggle("dev", "switch")
            .value("join", "address", "list")
            .value("node", "name", "value");

    @Test
    void oneDashTwoDashesEqualsAndSpaceMeanTheSame() throws Exception {
        for (List<String> words :
                List.of(List.of("-node", "a"), List.of("--node", "a"), List.of("-node=a"), List.of("--node=a"))) {
            assertThat(flags.parse(words).value("node", "")).isEqualTo("a");
        }
    }

    @Test
    void aSwitchTakesAValueOnlyAfterAnEqualsSign() throws Exception {
        ParsedFlags parsed = flags.parse(List.of("-dev", "false"));
        assertThat(parsed.on("dev")).isTrue();
        assertThat(parsed.arguments()).containsExactly("false");
        assertThat(flags.parse(List.of("-dev=false")).on("dev")).isFalse();
        assertThat(flags.parse(List.of("-dev=T")).on("dev")).isTrue();
        assertThatThrownBy(() -> flags.parse(List.of("-dev=maybe")))
                .isInstanceOf(UsageException.class)
                .hasMessage("invalid boolean value \"maybe\" for -dev: parse error");
    }

    @Test
    void ofAValueTheLastWinsAndAListKeepsItsOrder() throws Exception {
        ParsedFlags parsed = flags.parse(List.of("-node", "a", "-join", "x", "-node", "b", "-join=y"));
        assertThat(parsed.value("node", "")).isEqualTo("b");
        assertThat(parsed.values("join")).containsExactly("x", "y");
    }

    @Test
    void aValueMayBeginWithADashAndHoldEqualsSigns() throws Exception {
        assertThat(flags.parse(List.of("-node", "-x")).value("node", "")).isEqualTo("-x");
        assertThat(flags.parse(List.of("-node=a=b==")).value("node", "")).isEqualTo("a=b==");
        assertThat(flags.parse(List.of("-node=")).value("node", "fallback")).isEmpty();
    }

    @Test
    void flagsMayFollowArgumentsAndTwoDashesEndThem() throws Exception {
        ParsedFlags parsed = flags.parse(List.of("one", "-dev", "--", "-node", "-"));
        assertThat(parsed.on("dev")).isTrue();
        assertThat(parsed.arguments()).containsExactly("one", "-node", "-");
    }

    @Test
    void helpIsAskedForInFourWaysAndNeverBecomesAValue() throws Exception {
        for (String word : List.of("-h", "--h", "-help", "--help")) {
            assertThat(flags.parse(List.of(word)).help()).isTrue();
        }
        assertThat(flags.help())
                .isEqualTo("  -dev\n      switch\n  -join <address>\n      list\n  -node <name>\n      value\n");
    }

    @Test
    void theHttpAddressIsReadInEveryUsualForm() throws Exception {
        assertThat(ApiAddress.parse("10.0.0.1")).isEqualTo(new ApiAddress("10.0.0.1", 8500, false));
        assertThat(ApiAddress.parse(":9000")).isEqualTo(new ApiAddress("127.0.0.1", 9000, false));
        assertThat(ApiAddress.parse("http://agent.example:81/")).isEqualTo(new ApiAddress("agent.example", 81, false));
        assertThat(ApiAddress.parse("https://a")).isEqualTo(new ApiAddress("a", 8501, true));
        assertThat(ApiAddress.parse("https://a:443").url()).isEqualTo("https://a:443");
        assertThat(ApiAddress.parse("[::1]:8500")).hasToString("[::1]:8500");
        assertThat(ApiAddress.parse("::1")).isEqualTo(new ApiAddress("::1", 8500, false));
        for (String bad : List.of("a:b", "a:0", "a:70000", "https://a:x", "unix:///run/x", "http://a/b")) {
            assertThatThrownBy(() -> ApiAddress.parse(bad)).isInstanceOf(UsageException.class);
        }
    }
}
