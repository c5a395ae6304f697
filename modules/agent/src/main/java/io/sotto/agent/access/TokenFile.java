package io.sotto.agent.access;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of one agent on disk: JSON, mode 0600, replaced as a {@link DurableFile}, with a hash in place of each secret.
 *
 * <p>Several may change it: each change is made under a lock on a file beside it. A file that others than its owner may
 * read or write is refused, and so is one that cannot be understood: it never means "no tokens". All methods block on the
 * disk. Source: ours; security rules, "Keys".
 */
public final class TokenFile {
    /** What a data directory calls it. */
    public static final String NAME = "acl-tokens.json";

    static final int TOKENS_MAX = 4_096;
    private static final int BYTES_MAX = 16 << 20;

    private final Path path;

    /** What the file holds. */
    record Content(TokenHash hash, List<StoredToken> tokens) {
        Content {
            tokens = List.copyOf(tokens);
        }
    }

    /** A change to the tokens. */
    @FunctionalInterface
    interface Change {
        List<StoredToken> apply(Content now) throws TokenFileException;
    }

    private TokenFile(Path path) {
        this.path = path;
    }

    /** That of an agent, by its data directory. */
    public static TokenFile in(Path dataDirectory) {
        return new TokenFile(dataDirectory.resolve(NAME));
    }

    public Path path() {
        return path;
    }

    /** What it holds; empty if there is no file. */
    Optional<Content> load() throws TokenFileException {
        Optional<String> readers = PrivateFile.fault(path);
        if (readers.isPresent()) {
            throw new TokenFileException(readers.get());
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new TokenFileException("open " + path + ": " + FileFault.reasonOf(e));
        }
        if (bytes.length > BYTES_MAX) {
            throw new TokenFileException(path + " is longer than " + BYTES_MAX + " bytes");
        }
        try {
            return Optional.of(content(Json.parse(new String(bytes, StandardCharsets.UTF_8))));
        } catch (JsonException e) {
            // Without the parser's words, which may quote the file.
            throw new TokenFileException(path + ", line " + e.line() + ": not JSON");
        }
    }

    /**
     * Reads, changes and replaces the file; nothing else can change it in between.
     *
     * @param salt for a file that is made now
     */
    void change(byte[] salt, Change change) throws TokenFileException {
        // The operating system knows processes only.
        synchronized (TokenFile.class) {
            changeLocked(salt, change);
        }
    }

    private void changeLocked(byte[] salt, Change change) throws TokenFileException {
        Path lock = path.resolveSibling(NAME + ".lock");
        try (FileChannel channel = FileChannel.open(
                        lock,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileLock held = channel.lock()) {
            Content now = load().orElseGet(() -> new Content(TokenHash.salted(salt), List.of()));
            List<StoredToken> next = change.apply(now);
            if (next.size() > TOKENS_MAX) {
                throw new TokenFileException(path + " holds " + TOKENS_MAX + " tokens, and takes no more");
            }
            byte[] text = (json(new Content(now.hash, next)).pretty() + "\n").getBytes(StandardCharsets.UTF_8);
            DurableFile.of(path, DurableFile.Readers.OWNER).replace(text);
            belongToTheDirectorysOwner(lock);
            belongToTheDirectorysOwner(path);
            assertHeld(held);
        } catch (IOException e) {
            throw new TokenFileException(
                    e instanceof FileFault ? String.valueOf(e.getMessage()) : path + ": " + FileFault.reasonOf(e));
        }
    }

    private static void assertHeld(FileLock lock) {
        if (!lock.isValid()) {
            throw new IllegalStateException("the lock went while it was held");
        }
    }

    /** An agent that does not run as root must be able to read what root wrote for it. */
    private static void belongToTheDirectorysOwner(Path file) throws IOException {
        var owner = Files.getOwner(directory(file));
        if (!Files.getOwner(file).equals(owner)) {
            Files.setOwner(file, owner);
        }
    }

    private static Path directory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalStateException(file + " is a file system's root, not a file");
        }
        return directory;
    }

    private Content content(Json root) throws TokenFileException {
        byte[] salt = base64(root.get("Salt").asText());
        if (salt.length != TokenHash.SALT_BYTES || !(root.get("Tokens") instanceof Json.Elements)) {
            throw new TokenFileException(path + " is not a file of tokens");
        }
        List<StoredToken> tokens = new ArrayList<>();
        for (Json token : root.get("Tokens").asElements()) {
            tokens.add(token(token));
        }
        if (tokens.size() > TOKENS_MAX) {
            throw new TokenFileException(path + " holds more than " + TOKENS_MAX + " tokens");
        }
        return new Content(TokenHash.salted(salt), tokens);
    }

    private StoredToken token(Json json) throws TokenFileException {
        String accessor = json.get("AccessorID").asText();
        try {
            String expires = json.get("ExpirationTime").asText();
            StoredToken token = new StoredToken(
                    accessor,
                    json.get("Description").asText(),
                    json.get("Rules").asText(),
                    json.get("Management").asText().equals("true"),
                    json.get("Hash").asText(),
                    Instant.parse(json.get("CreateTime").asText()),
                    expires.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(expires)));
            if (token.accessor().isEmpty() || !token.hash().matches("[0-9a-f]{64}")) {
                throw new TokenFileException(path + " holds a token without an AccessorID or a Hash");
            }
            return token;
        } catch (DateTimeException e) {
            throw new TokenFileException(path + ": a time of token " + accessor + " is none");
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException none) {
            return new byte[0];
        }
    }

    private static Json json(Content content) {
        List<Json> tokens = new ArrayList<>();
        for (StoredToken token : content.tokens()) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("AccessorID", Json.of(token.accessor()));
            fields.put("Description", Json.of(token.description()));
            fields.put("Management", Json.of(token.management()));
            fields.put("Rules", Json.of(token.rules()));
            fields.put("Hash", Json.of(token.hash()));
            fields.put("CreateTime", Json.of(token.created().toString()));
            fields.put(
                    "ExpirationTime",
                    Json.of(token.expires().map(Instant::toString).orElse("")));
            tokens.add(new Json.Fields(fields));
        }
        Map<String, Json> root = new LinkedHashMap<>();
        root.put("Salt", Json.of(content.hash().saltText()));
        root.put("Tokens", new Json.Elements(tokens));
        return new Json.Fields(root);
    }
}
