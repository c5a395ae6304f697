package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.TlsPolicy;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.pem.PemSource;
import io.sotto.rpc.tls.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines that upshifts lay over the settings of a node. */
@DisplayName("what is laid over settings")
class LaidSettingsTest {
    private static final List<UpshiftStage> CLIMB =
            List.of(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED);

    @TempDir
    private Path directory;

    @Test
    void saysOfGossipWhatTheSettingsDoNot() {
        Config section = section("");
        assertThat(CLIMB.stream().map(stage -> at(UpshiftKind.GOSSIP, stage, section)))
                .containsExactly(
                        List.of("encrypt-verify-incoming = false", "encrypt-verify-outgoing = false"),
                        List.of("encrypt-verify-incoming = false"),
                        List.of());
        assertThat(at(UpshiftKind.GOSSIP, UpshiftStage.NONE, section("encrypt = \"AAECAwQFBgcICQoLDA0ODw==\"")))
                .containsExactly("encrypt = \"\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tls.verify-incoming = true, tls.verify-outgoing = true",
                "tls.verify-incoming-rpc = true, tls.verify-outgoing = true",
                "tls.verify-incoming = true, tls.verify-server-hostname = true, tls.verify-outgoing = true",
                "tls.verify-server-hostname = true"
            })
    void putsCallsAtEachStageWhateverTheSettingsSay(String said) throws Exception {
        Config section = section(said);
        for (UpshiftStage stage :
                Stream.concat(Stream.of(UpshiftStage.NONE), CLIMB.stream()).toList()) {
            TlsPolicy policy = policy(
                    LaidSettings.none().at(UpshiftKind.TLS, stage, section).over(section));
            assertThat(policy.verifyOutgoing()).isEqualTo(stage.isAtLeast(UpshiftStage.SENDING));
            assertThat(policy.verifyIncomingRpc()).isEqualTo(stage == UpshiftStage.ENFORCED);
            assertThat(policy.verifyIncomingHttps()).isEqualTo(policy(section).verifyIncomingHttps());
            assertThat(policy.checksServerNames()).isTrue();
        }
    }

    @Test
    void ofOneKindLeavesTheOtherAsItIs() {
        Config section = section("");
        LaidSettings both = LaidSettings.none()
                .at(UpshiftKind.TLS, UpshiftStage.SENDING, section)
                .at(UpshiftKind.GOSSIP, UpshiftStage.SENDING, section);
        assertThat(both.text()).containsExactly("encrypt-verify-incoming = false", "tls.verify-outgoing = true");
    }

    @Test
    void isKeptForItsOwnerAloneAndGoesWithItsLastLine() throws Exception {
        Config section = section("");
        LaidSettings laid = LaidSettings.none()
                .at(UpshiftKind.TLS, UpshiftStage.ENFORCED, section)
                .at(UpshiftKind.GOSSIP, UpshiftStage.READY, section);
        laid.store(directory.resolve("upshift"));

        Path file = directory.resolve("upshift/applied.conf");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(LaidSettings.load(section)).isEqualTo(laid);
        assertThat(LaidSettings.load(section("tls.verify-outgoing = true, encrypt-verify-incoming = off"))
                        .text())
                .containsExactly("encrypt-verify-outgoing = false", "tls.verify-incoming-rpc = true");
        LaidSettings.none().store(directory.resolve("upshift"));
        assertThat(file).doesNotExist();
        assertThat(LaidSettings.load(section)).isEqualTo(LaidSettings.none());
    }

    @Test
    void isRefusedWhereItIsNotOurs() throws Exception {
        Path file = Files.createDirectories(directory.resolve("upshift")).resolve("applied.conf");
        Files.writeString(file, "{{{", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> LaidSettings.load(section(""))).isInstanceOf(ConfigException.class);
    }

    @Test
    void takesATokenByItsHashAlone() {
        TokenHashes hashes = TokenHashes.of(
                section("upshift.token-hashes = [2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b]"));
        assertThat(List.of(hashes.takes("secret"), hashes.takes("Secret"), hashes.takes("")))
                .containsExactly(true, false, false);
        assertThatThrownBy(() -> TokenHashes.of(section("upshift.token-hashes = [secret]")))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("secret");
    }

    private static List<String> at(UpshiftKind kind, UpshiftStage stage, Config section) {
        return LaidSettings.none().at(kind, stage, section).text();
    }

    private Config section(String more) {
        return ConfigFactory.parseString(more)
                .withFallback(ConfigFactory.parseString("data-dir = \"" + directory + "\""))
                .withFallback(ConfigFactory.load().getConfig("sotto"));
    }

    /** With files, whatever is in them. */
    private static TlsPolicy policy(Config section) throws InvalidTlsException {
        TlsSettings flags = TlsFiles.of(section.getConfig("tls"), "dc1").flags();
        PemSource some = PemSource.of("some", new byte[0]);
        return TlsPolicy.of(flags.toBuilder()
                .authorities(List.of(some))
                .certificate(some)
                .key(some)
                .build());
    }
}
