package io.sotto.agent.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens in force at one moment, by the hashes of their secrets. Immutable, for any thread.
 *
 * <p>Each search compares with every token, so that its time tells nothing of how near a guess came.
 */
final class TokenBook {
    /** One file's, or one configuration's. */
    private record Page(TokenHash hash, List<Entry> entries) {}

    private record Entry(String hash, Optional<Instant> expires, Identity identity) {}

    private final List<Page> pages;

    private TokenBook(List<Page> pages) {
        this.pages = List.copyOf(pages);
    }

    /**
     * All tokens of an agent.
     *
     * @param settings those of its configuration
     * @param salt for these, of this process alone
     * @param file those of its file
     * @throws RulesException naming the token whose rules cannot be read
     */
    static TokenBook of(AccessSettings settings, byte[] salt, Optional<TokenFile.Content> file) throws RulesException {
        TokenHash hash = TokenHash.salted(salt);
        List<Entry> configured = new ArrayList<>();
        settings.management()
                .ifPresent(token -> configured.add(
                        entry(hash, token, new Identity("acl.tokens.initial_management", Rules.management()))));
        if (settings.recovery().isPresent()) {
            Rules rules = Rules.of(List.of(
                    new Rules.Rule(Resource.AGENT, settings.node(), false, Level.WRITE),
                    new Rules.Rule(Resource.NODE, "", true, Level.READ)));
            configured.add(entry(hash, settings.recovery().get(), new Identity("acl.tokens.agent_recovery", rules)));
        }
        List<Page> pages = new ArrayList<>(List.of(new Page(hash, configured)));
        if (file.isPresent()) {
            List<Entry> entries = new ArrayList<>();
            for (StoredToken token : file.get().tokens()) {
                entries.add(new Entry(token.hash(), token.expires(), new Identity(token.accessor(), rules(token))));
            }
            pages.add(new Page(file.get().hash(), entries));
        }
        return new TokenBook(pages);
    }

    private static Entry entry(TokenHash hash, Token token, Identity identity) {
        return new Entry(hash.of(token.secret()), Optional.empty(), identity);
    }

    private static Rules rules(StoredToken token) throws RulesException {
        try {
            return token.management() ? Rules.management() : RulesText.read(token.rules());
        } catch (RulesException e) {
            throw new RulesException("rules of token " + token.accessor() + ": " + e.text());
        }
    }

    /** Whose token it is; empty if nobody's, or if it has expired. */
    Optional<Identity> find(Token token, Instant now) {
        Optional<Identity> found = Optional.empty();
        for (Page page : pages) {
            String hash = page.hash.of(token.secret());
            for (Entry entry : page.entries) {
                boolean isIt = TokenHash.same(hash, entry.hash);
                if (isIt && (entry.expires.isEmpty() || now.isBefore(entry.expires.get()))) {
                    found = Optional.of(entry.identity);
                }
            }
        }
        return found;
    }

    int size() {
        return pages.stream().mapToInt(page -> page.entries.size()).sum();
    }
}
