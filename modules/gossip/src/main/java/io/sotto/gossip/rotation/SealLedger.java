package io.sotto.gossip.rotation;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many messages earlier lives of this node may have sealed with each key, and since when each has been a primary: a file
 * beside the ring's, {@code local.seals}, mode 0600, one line for each key. It holds ids of keys, never keys.
 *
 * <p>What is written down is always at least what was sealed: a part is written down ahead, and a node that dies takes all of it
 * for spent. Replaced as a {@link DurableFile}; all methods block on the disk. One writer. Source: ours; security rules, the one
 * nonce rule.
 */
public final class SealLedger {
    /**
     * One key.
     *
     * @param since when it was first seen as the primary
     * @param messages how many may have been sealed with it
     */
    public record Entry(Instant since, long messages) {}

    private static final String HEAD = "sotto seals 1";
    /** A ring has 64 keys at most. */
    private static final int FILE_MAX_BYTES = 1 << 16;

    private final Optional<Path> path;
    private final Optional<DurableFile> file;

    private SealLedger(Optional<Path> path) {
        this.path = path;
        this.file = path.map(at -> DurableFile.of(at, DurableFile.Readers.OWNER));
    }

    /** Beside this ring, or kept nowhere where there is no file of one. */
    public static SealLedger beside(Optional<Path> ring) {
        return new SealLedger(ring.map(of -> RingSiblings.of(of, ".seals")));
    }

    /**
     * What was written down, by key id; a file that is not there is empty.
     *
     * @throws IOException when there is one that cannot be read, or says something else
     */
    public SortedMap<String, Entry> load() throws IOException {
        if (path.isEmpty()) {
            return Collections.emptySortedMap();
        }
        String text;
        try {
            if (Files.size(path.get()) > FILE_MAX_BYTES) {
                throw new IOException("not a list of key ids: " + path.get());
            }
            text = Files.readString(path.get(), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return Collections.emptySortedMap();
        }
        try {
            return parse(text);
        } catch (RuntimeException e) {
            throw new IOException("not a list of key ids: " + path.get(), e);
        }
    }

    /** Replaces the file; on a fault it is as it was. */
    public void store(Map<String, Entry> entries) throws FileFault {
        if (file.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        new TreeMap<>(entries)
                .forEach((key, entry) -> text.append(key)
                        .append(' ')
                        .append(entry.since)
                        .append(' ')
                        .append(entry.messages)
                        .append('\n'));
        file.get().makeDirectory();
        // A warning of it means that a power failure may bring the entries before back, which is no worse than a fault.
        file.get().replace(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static SortedMap<String, Entry> parse(String text) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(HEAD) || !lines[lines.length - 1].isEmpty()) {
            throw new IllegalArgumentException("not a list of key ids");
        }
        for (int i = 1; i < lines.length - 1; i++) {
            String[] fields = lines[i].split(" ", -1);
            long messages = Long.parseLong(fields[2]);
            if (fields.length != 3 || messages < 0) {
                throw new IllegalArgumentException("not a line of three fields");
            }
            entries.put(fields[0], new Entry(Instant.parse(fields[1]), messages));
        }
        return entries;
    }
}
