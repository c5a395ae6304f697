package io.sotto.agent.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes, shows and takes away the tokens of one agent's file, while it runs or not. Blocks on the disk. Source: ours. */
public final class TokenDesk {
    private static final int UUID_BYTES = 16;

    private final TokenFile file;

    /**
     * A token just made: the only time that its secret is seen.
     *
     * @param accessor names it
     * @param secret what is shown to an agent
     */
    public record Made(String accessor, Token secret) {}

    /**
     * A token as it may be shown.
     *
     * @param accessor names it
     * @param description a word of whoever made it
     * @param rules their text
     * @param management whether it may do everything
     * @param created when
     * @param expires from when on it is no good; empty: never
     */
    public record Shown(
            String accessor,
            String description,
            String rules,
            boolean management,
            Instant created,
            Optional<Instant> expires) {}

    public TokenDesk(TokenFile file) {
        this.file = file;
    }

    /**
     * Makes a token.
     *
     * @param rules in HCL or JSON; of no account with {@code management}
     * @param random the operating system's
     * @throws RulesException if the rules cannot be read
     * @throws TokenFileException if the file cannot be used or written: there is no token then
     */
    public Made create(
            String description,
            String rules,
            boolean management,
            Optional<Instant> expires,
            RandomGenerator random,
            Instant now)
            throws RulesException, TokenFileException {
        if (!management) {
            RulesText.read(rules);
        }
        String accessor = uuid(random);
        String secret = uuid(random);
        byte[] salt = new byte[TokenHash.SALT_BYTES];
        random.nextBytes(salt);
        file.change(salt, content -> {
            List<StoredToken> tokens = new ArrayList<>(content.tokens());
            tokens.add(new StoredToken(
                    accessor, description, rules, management, content.hash().of(secret), now, expires));
            return tokens;
        });
        return new Made(accessor, Token.of(secret));
    }

    /** All of them, in the order in which they were made. */
    public List<Shown> list() throws TokenFileException {
        return file.load().map(TokenFile.Content::tokens).orElse(List.of()).stream()
                .map(token -> new Shown(
                        token.accessor(),
                        token.description(),
                        token.rules(),
                        token.management(),
                        token.created(),
                        token.expires()))
                .toList();
    }

    /** Takes one away; false if there is none of that name. */
    public boolean delete(String accessor, RandomGenerator random) throws TokenFileException {
        if (list().stream().noneMatch(token -> token.accessor().equals(accessor))) {
            return false;
        }
        byte[] salt = new byte[TokenHash.SALT_BYTES];
        random.nextBytes(salt);
        file.change(
                salt,
                content -> content.tokens().stream()
                        .filter(token -> !token.accessor().equals(accessor))
                        .toList());
        return true;
    }

    /** Of version 4: 122 random bits. */
    private static String uuid(RandomGenerator random) {
        byte[] bytes = new byte[UUID_BYTES];
        random.nextBytes(bytes);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        String hex = HexFormat.of().formatHex(bytes);
        return String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
    }
}
