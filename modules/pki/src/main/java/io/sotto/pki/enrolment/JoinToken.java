package io.sotto.pki.enrolment;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an operator carries from the authority to one node, once. {@link #toString} shows no secret.
 *
 * @param node who may be enrolled with it
 * @param role as what
 * @param authority the member that takes the request, by name
 * @param expires until when
 * @param fingerprint SHA-256 of the authority's certificate, in lower-case hexadecimal digits
 * @param secret what only the operator, the node and the authority have
 */
public record JoinToken(
        String node, EnrolRole role, String authority, Instant expires, String fingerprint, TokenSecret secret) {
    private static final String PREFIX = "sotto-join-1.";
    private static final int TEXT_MAX = 2_048;
    private static final int NAME_MAX = 255;
    private static final int PARTS = 6;
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    public JoinToken {
        if (!NodeNames.isPossible(node)) {
            throw new IllegalArgumentException("a node's name must be one label of a DNS name to be in a certificate");
        }
        if (authority.isEmpty() || authority.length() > NAME_MAX || authority.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("no name of a member");
        }
        if (!FINGERPRINT.matcher(fingerprint).matches()) {
            throw new IllegalArgumentException("no fingerprint");
        }
    }

    /** The one line that the operator carries. It holds the secret: whoever prints it means to. */
    public String text() {
        String fields = String.join(
                "\n",
                node,
                role.word(),
                authority,
                String.valueOf(expires.getEpochSecond()),
                fingerprint,
                secret.reveal());
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(fields.getBytes(StandardCharsets.UTF_8));
    }

    /** What {@link #text} gave, with white space around it or none; empty for anything else. */
    public static Optional<JoinToken> parse(String text) {
        String line = text.strip();
        if (line.length() > TEXT_MAX || !line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(line.substring(PREFIX.length()));
            List<String> parts = List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
            if (parts.size() != PARTS) {
                return Optional.empty();
            }
            Optional<EnrolRole> role = EnrolRole.parse(parts.get(1));
            Optional<TokenSecret> secret = TokenSecret.parse(parts.get(5));
            if (role.isEmpty() || secret.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new JoinToken(
                    parts.get(0),
                    role.get(),
                    parts.get(2),
                    Instant.ofEpochSecond(Long.parseLong(parts.get(3))),
                    parts.get(4),
                    secret.get()));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
