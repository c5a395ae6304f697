package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sotto.cluster.upshift.UpshiftAuthority;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The tokens of {@code upshift.token-hashes}, of which only the SHA-256 is known here. Immutable; shows nothing. Comparing takes
 * the same time for all.
 */
final class TokenHashes implements UpshiftAuthority {
    private static final String PATH = "upshift.token-hashes";
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    private final List<byte[]> hashes;

    private TokenHashes(List<byte[]> hashes) {
        this.hashes = hashes;
    }

    /** @throws ConfigException for what is no SHA-256 in hexadecimal digits */
    static TokenHashes of(Config section) {
        return new TokenHashes(section.getStringList(PATH).stream()
                .map(hash -> {
                    if (!HASH.matcher(hash).matches()) {
                        throw new ConfigException.BadValue(
                                section.getValue(PATH).origin(), PATH, "takes SHA-256 in 64 hexadecimal digits");
                    }
                    return HexFormat.of().parseHex(hash.toLowerCase(Locale.ROOT));
                })
                .toList());
    }

    @Override
    public boolean takes(String token) {
        if (token.isEmpty()) {
            return false;
        }
        byte[] hash = sha256(token);
        boolean isTaken = false;
        for (byte[] known : hashes) {
            isTaken |= MessageDigest.isEqual(hash, known);
        }
        return isTaken;
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
