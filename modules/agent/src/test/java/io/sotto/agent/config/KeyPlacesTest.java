package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPlacesTest {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String OTHER = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String FRESH = "IisA4F7Mu/RwGfBZelcsFzMlJ4+twnO5Z7eoTzD0T6c=";

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new LinkedHashMap<>();
    private Optional<String> standardInput = Optional.empty();
    private SettingsRequest request = SettingsRequest.files(List.of());

    @BeforeEach
    void setUp() {
        request = request.withFlag("data-dir", directory.resolve("data").toString());
    }

    @Test
    void aFileThatOnlyItsOwnerReadsGivesTheKey() throws IOException {
        request = request.withFlag("encrypt-file", keyFile("rw-------").toString());

        assertThat(key()).contains(GossipKey.parse(KEY));
        assertThat(loaded().config().getString("sotto.encrypt")).isEqualTo(KEY);
        assertThat(loaded().config().getString("sotto.encrypt-file"))
                .as("asked but once")
                .isEmpty();
        assertThat(loaded().warnings()).isEmpty();
    }

    @Test
    void aFileThatOthersCanReadIsRefusedWithTheFix() throws IOException {
        Path file = keyFile("rw-r-----");
        request = request.withFlag("encrypt-file", file.toString());

        assertThat(faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .contains("chmod 600 " + file)
                        .contains("flag -encrypt-file")
                        .doesNotContain(KEY));
    }

    @Test
    void aFileThatIsNotThereOrHoldsNoKeyIsAFault() throws IOException {
        request = request.withFlag("encrypt-file", "/nonexistent/key");
        assertThat(faults()).singleElement().asString().contains("/nonexistent/key: no such file or directory");

        Path file = Files.writeString(keyFile("rw-------"), "abc\n");
        request = SettingsRequest.files(List.of())
                .withFlag("data-dir", directory.resolve("data").toString())
                .withFlag("encrypt-file", file.toString());
        assertThat(faults())
                .singleElement()
                .asString()
                .contains("illegal base64 data")
                .doesNotContain("abc");
    }

    @Test
    void theEnvironmentGivesTheKey() {
        environment.put("SOTTO_ENCRYPT", KEY);

        assertThat(key()).contains(GossipKey.parse(KEY));
        assertThat(loaded().warnings()).isEmpty();
    }

    @Test
    void aCredentialOfSystemdGivesTheKeyWhateverItsMode() throws IOException {
        Path file = keyFile("r--r-----");
        Files.move(file, directory.resolve("sotto-encrypt"));
        environment.put("CREDENTIALS_DIRECTORY", directory.toString());

        assertThat(key()).contains(GossipKey.parse(KEY));
    }

    @Test
    void otherCredentialsOfSystemdAreNoKey() {
        environment.put("CREDENTIALS_DIRECTORY", directory.toString());

        assertThat(key()).isEmpty();
    }

    @Test
    void standardInputGivesTheKeyWhereTheFlagSaysSo() {
        standardInput = Optional.of(KEY + "\r");
        request = request.withFlag("encrypt", "-");

        assertThat(key()).contains(GossipKey.parse(KEY));
        assertThat(loaded().warnings()).isEmpty();

        standardInput = Optional.empty();
        assertThat(faults()).containsExactly("standard input: it holds no key (flag -encrypt)");
    }

    @Test
    void aKeyOnTheCommandLineWorksAndWarns() {
        request = request.withFlag("encrypt", KEY);

        assertThat(key()).contains(GossipKey.parse(KEY));
        assertThat(loaded().warnings())
                .singleElement()
                .asString()
                .contains("command line")
                .doesNotContain(KEY);
    }

    @Test
    void twoPlacesAtOnceContradictEachOtherAndAreBothNamed() throws IOException {
        environment.put("SOTTO_ENCRYPT", KEY);
        Path file = directory.resolve("a.json");
        Files.writeString(file, "{\n\"encrypt\": \"" + OTHER + "\"}");
        request = new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), request.flags(), false);

        assertThat(faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .contains("encrypt (" + file + ":2)")
                        .contains("environment variable SOTTO_ENCRYPT")
                        .contains("keep one")
                        .doesNotContain(KEY)
                        .doesNotContain(OTHER));
    }

    @Test
    void aFileThatTakesItsKeyFromTheVariableDoesNotContradictIt() throws IOException {
        environment.put("SOTTO_ENCRYPT", KEY);
        Path file = Files.writeString(directory.resolve("a.json"), "{\"encrypt\": \"" + KEY + "\"}");
        request = new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), request.flags(), false);

        assertThat(key()).contains(GossipKey.parse(KEY));
    }

    @Test
    void theKeyThatDevModeMakesUpGivesWayToAnother() {
        request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), true);
        assertThat(key()).contains(GossipKey.parse(FRESH));

        environment.put("SOTTO_ENCRYPT", KEY);
        assertThat(key()).contains(GossipKey.parse(KEY));
    }

    @Test
    void aClassOfAnEmbedderIsLeftToTheModuleThatAsksIt() {
        request = request.withFlag("encrypt-source", "com.example.VaultKeys");

        assertThat(key()).isEmpty();
        assertThat(loaded().config().getString("sotto.encrypt-source")).isEqualTo("com.example.VaultKeys");
        environment.put("SOTTO_ENCRYPT", KEY);
        assertThat(faults())
                .singleElement()
                .asString()
                .contains("encrypt_source")
                .contains("SOTTO_ENCRYPT");
    }

    @Test
    void labelsReachTheModuleThatUsesThemAndHaveABound() {
        request = request.withFlag("label", "blue")
                .withFlag("label-accept", "green")
                .withFlag("label-accept", "");
        assertThat(loaded().config().getString("sotto.label")).isEqualTo("blue");
        assertThat(loaded().config().getStringList("sotto.label-accept")).containsExactly("green", "");

        request = request.withFlag("label-accept", "x".repeat(256));
        assertThat(faults()).singleElement().asString().contains("label_accept: a label takes at most 255 bytes");
    }

    @Test
    void keysAreKeptInMemoryWherePersistIsOff() {
        assertThat(loaded().settings().disableKeyringFile()).isFalse();
        request = request.withFlag("persist", "false");
        assertThat(loaded().settings().disableKeyringFile()).isTrue();
        assertThat(loaded().config().getBoolean("sotto.disable-keyring-file")).isTrue();
    }

    private Path keyFile(String mode) throws IOException {
        Path file = directory.resolve("gossip.key");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, KEY + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private LoadResult load() {
        return new SettingsLoader(() -> "host", () -> FRESH, new Surroundings(environment, () -> standardInput))
                .load(request);
    }

    private LoadResult.Loaded loaded() {
        LoadResult result = load();
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return (LoadResult.Loaded) result;
    }

    private Optional<GossipKey> key() {
        return loaded().settings().encrypt();
    }

    private List<String> faults() {
        LoadResult result = load();
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return FaultReport.blocks(((LoadResult.Refused) result).faults());
    }
}
