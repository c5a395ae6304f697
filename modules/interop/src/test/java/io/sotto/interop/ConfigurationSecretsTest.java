package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a configuration that holds a key, what is said about it does not show the key. */
class ConfigurationSecretsTest {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());

    @TempDir
    private Path directory;

    /** {@code K} stands for the key in base64, {@code C} for its first twelve characters. */
    @TestFactory
    Stream<DynamicTest> faultsNeverShowTheKey() {
        List<String> json = List.of(
                "{\"encrypt\": \"K\"",
                "{\"encrypt\": \"K",
                "{\"encrypt\": \"K\n\"}",
                "{\"encrypt\": K}",
                "{encrypt: \"K\"}",
                "{\"encrypt\": \"K\" \"datacenter\": \"dc1\"}",
                "{\"encrypt\": [\"K\"]}",
                "{\"encrypt\": {\"key\": \"K\"}}",
                "{\"encrypt\": \"KK\"}",
                "{\"encrypt\": \"K!\"}",
                "{\"encrypt\": \" K\"}",
                "{\"encrypt\": \"'K'\"}",
                "{\"encrypt\": \"C\"}",
                "{\"encrypt\": \"\\u00e9K\"}",
                "\"K\"",
                "[\"K\"]",
                "K");
        List<String> hcl = List.of(
                "encrypt = \"K\" }",
                "encrypt = \"K",
                "encrypt = K",
                "encrypt = 'K'",
                "encrypt \"K\"",
                "encrypt \"K\" { }",
                "encrypt = [\"K\"]",
                "encrypt = \"K!\"",
                "encrypt = \"KK\"",
                "encrypt = \"C\"",
                "encrypt = \"${K}\"",
                "encrypt = <<EOF\nK\n",
                "encrypt = <<EOF\nK\nEOF\n",
                "encrypt == \"K\"",
                "encrypt = \"K\" = \"K\"",
                "K");
        List<String> hocon = List.of(
                "sotto { encrypt = \"K\"",
                "sotto { encrypt = \"K }",
                "sotto { encrypt = K }",
                "sotto { encrypt = K= } }",
                "sotto { encrypt = ${K} }",
                "sotto { encrypt = ${\"K\"} }",
                "sotto { encrypt = \"K\" \"K }",
                "sotto { encrypt = [\"K\"] }",
                "sotto { encrypt { key = \"K\" } }",
                "sotto { encrypt = \"K!\" }",
                "sotto { encrypt = \"KK\" }",
                "sotto { encrypt = \"C\" }",
                "sotto { encrypt : K : K }",
                "sotto { encrypt = include \"K\" }",
                "sotto { encrypt = \"\\K\" }",
                "sotto { encrypt = \"K\\q\" }",
                "sotto { encrypt = @K }",
                "sotto { encrypt = \"\"\"K }",
                "encrypt = \"K\"\nencrypt = ${K}",
                "encrypt = \"K\" }",
                "encrypt = \"K!\"",
                "K",
                "sotto = \"K\"");
        return Stream.of(cases("json", json), cases("hcl", hcl), cases("conf", hocon), flags(), fragments(hcl))
                .flatMap(each -> each);
    }

    /** {@code T} stands for a token. */
    @TestFactory
    Stream<DynamicTest> faultsNeverShowAToken() {
        List<String> json = List.of(
                "{\"acl\": {\"tokens\": {\"initial_management\": \"T\"}}",
                "{\"acl\": {\"tokens\": {\"initial_management\": [\"T\"]}}}",
                "{\"acl\": {\"tokens\": {\"T\": \"x\"}}}",
                "{\"acl\": {\"tokens\": \"T\"}}",
                "{\"acl\": \"T\"}",
                "{\"acl\": {\"enabled\": \"T\"}}",
                "{\"acl\": {\"default_policy\": \"T\"}}",
                "{\"acl\": {\"tokens\": {\"default\": \"T \u00e9\"}}}",
                "{\"acl_token\": T}",
                "{\"acl_master_token\": \"T");
        List<String> hcl = List.of(
                "acl { tokens { initial_management = \"T\" }",
                "acl { tokens { agent = T } }",
                "acl { tokens { agent_recovery = [\"T\"] } }",
                "acl { tokens { \"T\" = \"x\" } }",
                "acl { tokens \"T\" }",
                "acl { T = true }",
                "acl { default_policy = \"T\" }",
                "acl_agent_token = 'T'");
        List<String> hocon = List.of(
                "sotto { acl { tokens { default = \"T } } }",
                "sotto { acl { tokens { default = [T] } } }",
                "sotto { acl { tokens { default = ${T} } } }",
                "sotto { acl { tokens { T = x } } }",
                "sotto { acl { enabled = T } }",
                "sotto { acl { default-policy = T } }",
                "sotto { acl-token = [\"T\"] }");
        return Stream.of(tokens("json", json), tokens("hcl", hcl), tokens("conf", hocon))
                .flatMap(each -> each);
    }

    private Stream<DynamicTest> tokens(String format, List<String> texts) {
        return texts.stream()
                .map(text -> DynamicTest.dynamicTest(format + ": " + text, () -> {
                    String token = new UUID(new Random(SEED + texts.indexOf(text)).nextLong(), SEED).toString();
                    Key key =
                            new Key(token, new KeyForms().with("the token", token.getBytes(StandardCharsets.US_ASCII)));
                    Path file = write(format, text.replace("T", token));
                    check(key, SettingsRequest.files(List.of(file.toString())));
                }));
    }

    private Stream<DynamicTest> cases(String format, List<String> texts) {
        return texts.stream()
                .map(text -> DynamicTest.dynamicTest(format + ": " + text.replace("\n", "\\n"), () -> {
                    Key key = Key.of(texts.indexOf(text));
                    Path file = write(format, key.into(text));
                    check(key, SettingsRequest.files(List.of(file.toString())));
                }));
    }

    private Stream<DynamicTest> fragments(List<String> texts) {
        return texts.stream()
                .map(text -> DynamicTest.dynamicTest("-hcl " + text.replace("\n", "\\n"), () -> {
                    Key key = Key.of(1_000 + texts.indexOf(text));
                    check(
                            key,
                            new SettingsRequest(List.of(), Optional.empty(), List.of(key.into(text)), Map.of(), true));
                }));
    }

    private Stream<DynamicTest> flags() {
        return Stream.of("K!", "KK", "C", "'K'", " K", "=K")
                .map(text -> DynamicTest.dynamicTest("-encrypt " + text, () -> {
                    Key key = Key.of(2_000 + text.length());
                    check(
                            key,
                            new SettingsRequest(
                                    List.of(),
                                    Optional.empty(),
                                    List.of(),
                                    Map.of("encrypt", List.of(key.into(text))),
                                    true));
                }));
    }

    private static void check(Key key, SettingsRequest request) {
        LoadResult result = new SettingsLoader(() -> "here", () -> Keys.random(32)).load(request);
        assertThat(key.forms.in(result.toString()))
                .as("seed %d: the result's text", SEED)
                .isEmpty();
        if (result instanceof LoadResult.Refused refused) {
            assertThat(key.forms.in(refused.faults()))
                    .as("seed %d: faults", SEED)
                    .isEmpty();
            assertThat(key.forms.in(FaultReport.blocks(refused.faults())))
                    .as("seed %d: the report", SEED)
                    .isEmpty();
            assertThat(key.forms.in(refused.warnings()))
                    .as("seed %d: warnings", SEED)
                    .isEmpty();
        } else {
            LoadResult.Loaded loaded = (LoadResult.Loaded) result;
            assertThat(key.forms.in(loaded.warnings()))
                    .as("seed %d: warnings", SEED)
                    .isEmpty();
            assertThat(key.forms.in(loaded.settings().toString()))
                    .as("seed %d: settings", SEED)
                    .isEmpty();
        }
    }

    private Path write(String format, String text) throws IOException {
        return Files.writeString(directory.resolve("agent." + format), text);
    }

    /** A key of a test's own, so that what one shows is not another's. */
    private record Key(String base64, KeyForms forms) {
        static Key of(int number) {
            byte[] bytes = new byte[32];
            new Random(SEED + number).nextBytes(bytes);
            return new Key(Base64.getEncoder().encodeToString(bytes), new KeyForms().with("the key", bytes));
        }

        String into(String text) {
            return text.replace("KK", base64 + base64).replace("K", base64).replace("C", base64.substring(0, 12));
        }
    }
}
