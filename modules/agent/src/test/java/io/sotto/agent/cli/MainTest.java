package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

    @Test
    void withoutAVerbItShowsTheFiveThatANewcomerNeedsAndHowToSeeAll() {
        Shell.Ran ran = Shell.run();
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().filter(line -> line.startsWith("  sotto ")))
                .hasSize(5);
        assertThat(ran.out()).contains("sotto help");
    }

    @ParameterizedTest
    @CsvSource({"membres, members", "keygn, keygen", "agnet, agent", "foce-leave, force-leave", "inof, info"})
    void anUnknownVerbSuggestsTheNearest(String typed, String meant) {
        Shell.Ran ran = Shell.run(typed);
        assertThat(ran.code()).isEqualTo(Exit.USAGE);
        assertThat(ran.err()).startsWith("sotto has no verb \"" + typed + "\". Did you mean \"" + meant + "\"?\n");
    }

    @Test
    void everyVerbIsListedAndExplainsItself() {
        String all = Shell.run("help").out();
        assertThat(Shell.run("help", "-h").out()).isEqualTo(all);
        assertThat(Shell.run("help", "help").out()).isEqualTo(all);
        for (String name : Verbs.NAMES) {
            assertThat(all).contains("\n  " + name + " ");
            if (!name.equals("help")) {
                Shell.Ran ran = Shell.run(name, "-h");
                assertThat(ran.code()).isZero();
                assertThat(ran.out()).startsWith("Usage: sotto " + name);
                assertThat(Shell.run("help", name)).isEqualTo(ran);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-bogus, flag provided but not defined: -bogus",
        "--bogus=1, flag provided but not defined: -bogus",
        "-bytes, flag needs an argument: -bytes"
    })
    void badUsageIsCodeThree(String flag, String text) {
        Shell.Ran ran = Shell.run("keygen", flag);
        assertThat(ran).isEqualTo(new Shell.Ran(Exit.USAGE, "", text + "\nSee: sotto keygen -h\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=", "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s="})
    void aKeyWhereAFlagShouldBeIsNotRepeated(String misplaced) {
        Shell.Ran ran = Shell.run("agent", misplaced);
        assertThat(ran.code()).isEqualTo(Exit.USAGE);
        assertThat(ran.err())
                .contains("may be a key")
                .doesNotContain("pUqJrVyV")
                .doesNotContain("Cu5s");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void keygenMakesKeysOfTheThreeLengths(int lengthBytes) {
        String first = Shell.run("keygen", "-bytes", "" + lengthBytes).out();
        assertThat(Base64.getDecoder().decode(first.trim())).hasSize(lengthBytes);
        assertThat(Shell.run("keygen", "--bytes=" + lengthBytes).out()).isNotEqualTo(first);
    }

    @Test
    void keygenMakesThirtyTwoBytesUnlessToldOtherwiseAndIgnoresArgumentsAsTheRealOneDoes() throws Exception {
        assertThat(Base64.getDecoder().decode(Shell.run("keygen", "extra").out().trim()))
                .hasSize(32);
        String json = Shell.run("keygen", "-format", "json").out();
        assertThat(Base64.getDecoder().decode(Json.parse(json).get("key").asText()))
                .hasSize(32);
        assertThat(Shell.run("keygen", "-bytes", "20").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void versionNamesTheBuildInBothFormats() throws Exception {
        assertThat(Shell.run("version").out()).startsWith("sotto v" + Version.current() + "\n");
        assertThat(Version.current()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(Json.parse(Shell.run("version", "-format=json").out())
                        .get("version")
                        .asText())
                .isEqualTo(Version.current());
    }
}
