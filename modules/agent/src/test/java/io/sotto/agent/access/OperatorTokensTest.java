package io.sotto.agent.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    @TempDir
    private Path directory;

    private final Random random = new Random(11);
    private Instant now = NOW;

    private String made(String rules, Optional<Instant> end) throws Exception {
        return new TokenDesk(TokenFile.in(directory))
                .create("", rules, false, end, random, NOW)
                .secret()
                .secret();
    }

    private OperatorTokens tokens(Level fallback) throws Exception {
        AccessSettings settings = new AccessSettings(
                true, fallback, Optional.of(Token.of("management")), Optional.empty(), Optional.empty(), 5, 10, "n1");
        return OperatorTokens.of(
                settings,
                TokenKeeper.load(settings, new byte[TokenKeeper.SALT_BYTES], Optional.of(TokenFile.in(directory))),
                () -> now);
    }

    @Test
    void onlyWhoMayWriteOnOperatorIsTaken() throws Exception {
        String writer = made("operator = \"write\"", Optional.empty());
        String reader = made("operator = \"read\"", Optional.empty());
        String keyrings = made("keyring = \"write\"", Optional.empty());
        OperatorTokens tokens = tokens(Level.DENY);

        assertThat(tokens.take(writer)).isTrue();
        assertThat(tokens.take("management")).isTrue();
        assertThat(tokens.take(reader)).isFalse();
        assertThat(tokens.take(keyrings)).isFalse();
        assertThat(tokens.take("nobodys")).isFalse();
    }

    @Test
    void withoutATokenNobodyIsWhateverTheDefaultPolicy() throws Exception {
        assertThat(tokens(Level.WRITE).take("")).isFalse();
        assertThat(tokens(Level.WRITE).take("nobodys")).isFalse();
    }

    @Test
    void aTokenThatHasEndedIsTakenNoMore() throws Exception {
        String brief = made("operator = \"write\"", Optional.of(NOW.plus(Duration.ofHours(1))));
        OperatorTokens tokens = tokens(Level.DENY);

        assertThat(tokens.take(brief)).isTrue();
        now = NOW.plus(Duration.ofHours(2));
        assertThat(tokens.take(brief)).isFalse();
    }
}
