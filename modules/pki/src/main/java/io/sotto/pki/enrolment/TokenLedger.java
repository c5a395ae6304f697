package io.sotto.pki.enrolment;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an authority remembers of its tokens, open and used ones: of each a hash of its secret, whom it is for and until when.
 * Immutable: each change gives a new ledger. It belongs into a file that only its owner may read, since who reads an open token's
 * hash can ask in its node's place; it stands beside the authority's key, which can do more.
 *
 * <p>What has expired is forgotten after {@link #KEPT}: it would be refused for its age.
 */
public final class TokenLedger {
    /** How long an expired token is remembered, for those who wonder why it is refused. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final String HEADER = "sotto-tokens-1";
    private static final int FIELDS = 6;

    private final SortedMap<String, Entry> entries;

    /**
     * One token.
     *
     * @param used when it was used, if it was
     */
    record Entry(String node, EnrolRole role, Instant expires, Optional<Instant> used, Verifier verifier) {
        boolean isExpired(Instant now) {
            return !now.isBefore(expires);
        }
    }

    private TokenLedger(SortedMap<String, Entry> entries) {
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /** Without tokens. */
    public static TokenLedger empty() {
        return new TokenLedger(new TreeMap<>());
    }

    /** Tokens that it remembers. */
    public int size() {
        return entries.size();
    }

    /** Tokens that somebody may still use. */
    public int open(Instant now) {
        return (int) entries.values().stream()
                .filter(entry -> entry.used.isEmpty() && !entry.isExpired(now))
                .count();
    }

    Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** With one more, and without those that are long expired. */
    public TokenLedger with(JoinToken token, Instant now) {
        SortedMap<String, Entry> next = fresh(now);
        next.put(
                token.secret().id(),
                new Entry(
                        token.node(),
                        token.role(),
                        token.expires(),
                        Optional.empty(),
                        token.secret().verifier()));
        return new TokenLedger(next);
    }

    /** With that one used up. */
    TokenLedger used(String id, Instant now) {
        SortedMap<String, Entry> next = fresh(now);
        Entry entry = entries.get(id);
        if (entry != null) {
            next.put(id, new Entry(entry.node, entry.role, entry.expires, Optional.of(now), entry.verifier));
        }
        return new TokenLedger(next);
    }

    private SortedMap<String, Entry> fresh(Instant now) {
        SortedMap<String, Entry> next = new TreeMap<>(entries);
        next.values().removeIf(entry -> entry.expires.plus(KEPT).isBefore(now));
        return next;
    }

    /** As its file holds it: one line for each token. */
    public byte[] encoded() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        entries.forEach((id, entry) -> text.append(String.join(
                        " ",
                        id,
                        entry.node,
                        entry.role.word(),
                        String.valueOf(entry.expires.getEpochSecond()),
                        entry.used
                                .map(at -> String.valueOf(at.getEpochSecond()))
                                .orElse("-"),
                        entry.verifier.digits()))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** What {@link #encoded} gave; empty if a part of it is not that, for then a used token might be taken for none. */
    public static Optional<TokenLedger> decode(byte[] encoded) {
        List<String> lines =
                new String(encoded, StandardCharsets.US_ASCII).lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            return Optional.empty();
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(" ", -1);
            Optional<Entry> entry = fields.length == FIELDS ? entry(fields) : Optional.empty();
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            entries.put(fields[0], entry.get());
        }
        return Optional.of(new TokenLedger(entries));
    }

    private static Optional<Entry> entry(String[] fields) {
        try {
            Optional<Verifier> verifier = Verifier.parse(fields[5]);
            Optional<Instant> used = fields[4].equals("-")
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochSecond(Long.parseLong(fields[4])));
            Instant expires = Instant.ofEpochSecond(Long.parseLong(fields[3]));
            return verifier.flatMap(
                    hash -> EnrolRole.parse(fields[2]).map(role -> new Entry(fields[1], role, expires, used, hash)));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
