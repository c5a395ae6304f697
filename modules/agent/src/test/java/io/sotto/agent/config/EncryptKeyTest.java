package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Keys that the real agent took and refused, from its capture, and the files and keys printed in the guides. */
final class EncryptKeyTest {
    private static final Pattern CASE = Pattern.compile("^'([^']*)' -> (OK|exit 1) \\| (.*)$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> theRealAgentsVerdictOnEachKeyIsOurs() throws Exception {
        List<MatchResult> cases = CASE.matcher(resource("golden/config-and-keyring-cases.txt"))
                .results()
                .toList();
        assertThat(cases).hasSizeGreaterThan(5);
        return cases.stream()
                .map(found -> DynamicTest.dynamicTest("'" + found.group(1) + "'", () -> {
                    Loading loading = new Loading(directory).dev().flag("encrypt", found.group(1));
                    if (found.group(2).equals("OK")) {
                        assertThat(loading.settings().encrypt().isPresent())
                                .isEqualTo(!found.group(1).isEmpty());
                    } else if (found.group(3).startsWith("==> encrypt")) {
                        String text = found.group(3).substring(4, found.group(3).indexOf(" | file"));
                        assertThat(loading.faults()).containsExactly(text + " (flag -encrypt)");
                    } else {
                        assertThat(loading.faults())
                                .singleElement()
                                .asString()
                                .contains(
                                        "Failed to configure keyring: Invalid key: key size must be 16, 24 or 32 bytes");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachKeyInTheGuidesLoads() throws Exception {
        return resource("guides/keys.txt")
                .lines()
                .map(key -> DynamicTest.dynamicTest(
                        key,
                        () -> assertThat(new Loading(directory)
                                        .dev()
                                        .flag("encrypt", key)
                                        .settings()
                                        .encrypt())
                                .isPresent()));
    }

    @TestFactory
    Stream<DynamicTest> eachFileInTheGuidesLoadsAsItStands() {
        return Stream.of(
                        "consul-new-cluster.json",
                        "consul-upshift-1.json",
                        "consul-upshift-2.json",
                        "consul-upshift-3.json",
                        "consul-tls-new-cluster.json",
                        "consul-tls-step-1.json",
                        "consul-tls-step-3.json",
                        "consul-encrypt.json",
                        "nomad-server.hcl")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    LoadResult.Loaded loaded = new Loading(directory)
                            .flag("data-dir", directory.toString())
                            .file(name, withCertificates(resource("guides/" + name)))
                            .loaded();
                    assertThat(loaded.settings().encrypt()).isPresent();
                    assertThat(loaded.settings().server()).isEqualTo(!name.equals("consul-encrypt.json"));
                    String warned = name.contains("nomad")
                            ? "is known to the real agent but does nothing"
                            : "verify_server_hostname is off";
                    assertThat(loaded.warnings()).allMatch(warning -> warning.contains(warned));
                    assertThat(loaded.warnings().isEmpty())
                            .isEqualTo(!name.equals("consul-tls-step-1.json") && !name.contains("nomad"));
                }));
    }

    /** The guides name certificates of the directory that the agent is started in. */
    private String withCertificates(String text) throws Exception {
        Matcher named = Pattern.compile("\"([a-z0-9-]+\\.pem)\"").matcher(text);
        StringBuilder placed = new StringBuilder();
        while (named.find()) {
            Path file = Files.writeString(directory.resolve(named.group(1)), "");
            named.appendReplacement(placed, "\"" + file + "\"");
        }
        return named.appendTail(placed).toString();
    }

    @Test
    void theUpshiftFilesOfTheGuideSetBothSwitchesInTurn() throws Exception {
        assertThat(switches("consul-upshift-1.json")).containsExactly(false, false);
        assertThat(switches("consul-upshift-2.json")).containsExactly(false, true);
        assertThat(switches("consul-upshift-3.json")).containsExactly(true, true);
    }

    private List<Boolean> switches(String name) throws Exception {
        AgentSettings settings = new Loading(directory)
                .file(name, resource("guides/" + name))
                .flag("data-dir", directory.toString())
                .settings();
        return List.of(settings.encryptVerifyIncoming(), settings.encryptVerifyOutgoing());
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = EncryptKeyTest.class.getResourceAsStream("/" + name)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
