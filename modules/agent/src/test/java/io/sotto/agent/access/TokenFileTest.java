package io.sotto.agent.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens on disk. */
final class TokenFileTest {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
    private static final String RULES = "node_prefix \"\" { policy = \"read\" }";

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);

    private TokenDesk desk() {
        return new TokenDesk(TokenFile.in(directory));
    }

    private Path file() {
        return directory.resolve(TokenFile.NAME);
    }

    private TokenDesk.Made make(String rules) throws Exception {
        return desk().create("a test", rules, false, Optional.empty(), random, NOW);
    }

    private static AccessSettings settings() {
        return new AccessSettings(
                true, Level.DENY, Optional.empty(), Optional.empty(), Optional.empty(), 60, 100, "here");
    }

    private TokenKeeper keeper() throws Exception {
        return TokenKeeper.load(settings(), new byte[TokenKeeper.SALT_BYTES], Optional.of(TokenFile.in(directory)));
    }

    @Test
    void isForItsOwnerOnlyAndHoldsNoSecret() throws Exception {
        TokenDesk.Made made = make(RULES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file()))
                .as("seed %d", SEED)
                .contains(made.accessor())
                .doesNotContain(made.secret().secret());
        assertThat(made.toString()).doesNotContain(made.secret().secret());
        assertThat(made.secret().secret())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void aTokenIsFoundByItsSecretUntilItExpiresOrIsTakenAway() throws Exception {
        TokenDesk.Made lasting = make(RULES);
        TokenDesk.Made brief = desk().create("", RULES, true, Optional.of(NOW.plus(Duration.ofHours(1))), random, NOW);
        TokenKeeper keeper = keeper();

        assertThat(keeper.book().find(lasting.secret(), NOW).orElseThrow().accessor())
                .isEqualTo(lasting.accessor());
        assertThat(keeper.book().find(brief.secret(), NOW)).isPresent();
        assertThat(keeper.book().find(brief.secret(), NOW.plus(Duration.ofHours(1))))
                .isEmpty();
        assertThat(keeper.book().find(Token.of(lasting.accessor()), NOW)).isEmpty();
        assertThat(keeper.book().find(Token.of(lasting.secret().secret() + " "), NOW))
                .isEmpty();

        assertThat(desk().delete(lasting.accessor(), random)).isTrue();
        assertThat(desk().delete(lasting.accessor(), random)).isFalse();
        keeper.look();
        assertThat(keeper.book().find(lasting.secret(), NOW)).isEmpty();
        assertThat(keeper.book().find(brief.secret(), NOW)).isPresent();
        assertThat(keeper.tokens()).isEqualTo(1);
    }

    @Test
    void theSameSecretHasAnotherHashInAnotherFile() {
        assertThat(TokenHash.salted(new byte[32]).of("secret"))
                .isNotEqualTo(TokenHash.salted(new byte[] {
                            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                            0
                        })
                        .of("secret"));
    }

    @Test
    void changesOfSeveralAtOnceAreAllKept() {
        List<CompletableFuture<String>> made = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long seed = SEED + i;
            made.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return desk().create("", RULES, false, Optional.empty(), new Random(seed), NOW)
                            .accessor();
                } catch (RulesException | TokenFileException e) {
                    return e.toString();
                }
            }));
        }
        List<String> accessors = made.stream().map(CompletableFuture::join).toList();
        assertThat(accessors).as("seed %d", SEED).allMatch(text -> text.matches("[0-9a-f-]{36}"));
        assertThat(shown()).containsExactlyInAnyOrderElementsOf(accessors);
    }

    private List<String> shown() {
        try {
            return desk().list().stream().map(TokenDesk.Shown::accessor).toList();
        } catch (TokenFileException e) {
            return List.of(e.text());
        }
    }

    @Test
    void aFileThatOthersMayReadIsRefusedWithTheCommandThatMendsIt() throws Exception {
        make(RULES);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::keeper)
                .isInstanceOf(TokenFileException.class)
                .hasMessageContaining("run: chmod 600 " + file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"Salt\": \"AAAA\", \"Tokens\": []}",
                "{\"Salt\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
                "{\"Salt\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\", \"Tokens\": [{\"AccessorID\": \"a\"}]}"
            })
    void whatCannotBeUnderstoodNeverMeansNoTokens(String text) throws Exception {
        TokenDesk.Made made = make(RULES);
        TokenKeeper keeper = keeper();
        Files.writeString(file(), text);
        assertThatThrownBy(this::keeper).isInstanceOf(TokenFileException.class);
        assertThatThrownBy(() -> make(RULES)).isInstanceOf(TokenFileException.class);
        assertThat(Files.readString(file())).isEqualTo(text);
        keeper.look();
        assertThat(keeper.book().find(made.secret(), NOW)).isPresent();
    }

    @Test
    void rulesThatCannotBeReadMakeNoToken() {
        assertThatThrownBy(() -> make("node \"a\"")).isInstanceOf(RulesException.class);
        assertThat(file()).doesNotExist();
    }

    @Test
    void withoutAFileThereAreTheTokensOfTheConfiguration() throws Exception {
        AccessSettings settings = new AccessSettings(
                true,
                Level.DENY,
                Optional.of(Token.of("all")),
                Optional.of(Token.of("mine")),
                Optional.empty(),
                60,
                100,
                "here");
        TokenBook book = TokenKeeper.load(settings, new byte[TokenKeeper.SALT_BYTES], Optional.empty())
                .book();
        assertThat(book.find(Token.of("all"), NOW)
                        .orElseThrow()
                        .rules()
                        .allows(Resource.KEYRING, "", Level.WRITE, Level.DENY))
                .isTrue();
        Rules mine = book.find(Token.of("mine"), NOW).orElseThrow().rules();
        assertThat(mine.allows(Resource.AGENT, "here", Level.WRITE, Level.DENY)).isTrue();
        assertThat(mine.allows(Resource.AGENT, "there", Level.READ, Level.DENY)).isFalse();
        assertThat(mine.allows(Resource.NODE, "there", Level.READ, Level.DENY)).isTrue();
    }
}
