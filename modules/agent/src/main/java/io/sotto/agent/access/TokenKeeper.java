package io.sotto.agent.access;

import io.sotto.agent.access.TokenFile.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tokens in force what the file says. A file that cannot be used changes nothing, and is told of once.
 *
 * <p>{@link #look} blocks on the disk and is called by one thread at a time; the rest is for any thread.
 */
public final class TokenKeeper {
    /** How long the salt of a process is. */
    public static final int SALT_BYTES = TokenHash.SALT_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger("agent.acl");

    private final AccessSettings settings;
    private final byte[] salt;
    private final Optional<TokenFile> file;
    private volatile TokenBook inForce;
    private String seen = "";

    private TokenKeeper(AccessSettings settings, byte[] salt, Optional<TokenFile> file, TokenBook inForce) {
        this.settings = settings;
        this.salt = salt;
        this.file = file;
        this.inForce = inForce;
    }

    /**
     * Reads the file for the first time. Blocks on the disk.
     *
     * @param salt 32 random bytes
     * @param file empty where nothing is kept
     * @throws TokenFileException if it cannot be used: nobody starts with fewer tokens than were given
     */
    public static TokenKeeper load(AccessSettings settings, byte[] salt, Optional<TokenFile> file)
            throws TokenFileException {
        String stamp = file.map(TokenKeeper::stamp).orElse("");
        TokenKeeper keeper = new TokenKeeper(settings, salt.clone(), file, read(settings, salt, file));
        keeper.seen = stamp;
        return keeper;
    }

    TokenBook book() {
        return inForce;
    }

    /** How many tokens are in force. */
    public int tokens() {
        return inForce.size();
    }

    /** Takes the file up if it has changed. */
    public synchronized void look() {
        String stamp = file.map(TokenKeeper::stamp).orElse("");
        if (stamp.equals(seen)) {
            return;
        }
        seen = stamp;
        try {
            inForce = read(settings, salt, file);
            LOG.info("Tokens were read anew: count={}", inForce.size());
        } catch (TokenFileException e) {
            LOG.error("Tokens stay as they were: error=\"{}\"", e.text());
        }
    }

    private static TokenBook read(AccessSettings settings, byte[] salt, Optional<TokenFile> file)
            throws TokenFileException {
        Optional<Content> content = file.isPresent() ? file.get().load() : Optional.empty();
        try {
            return TokenBook.of(settings, salt, content);
        } catch (RulesException e) {
            throw new TokenFileException(file.map(known -> known.path() + ": ").orElse("") + e.text());
        }
    }

    /** Differs whenever the file was replaced, written or given another mode. */
    private static String stamp(TokenFile file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size() + " "
                    + changed(file);
        } catch (NoSuchFileException none) {
            return "none";
        } catch (IOException unknown) {
            // Another stamp than before has the file read, which then says why it cannot be.
            return "unknown: " + unknown.getMessage();
        }
    }

    /** When its mode or place changed last; nothing where the file system keeps no such time. */
    private static String changed(TokenFile file) throws IOException {
        try {
            return String.valueOf(Files.getAttribute(file.path(), "unix:ctime"));
        } catch (UnsupportedOperationException notKept) {
            return "";
        }
    }
}
