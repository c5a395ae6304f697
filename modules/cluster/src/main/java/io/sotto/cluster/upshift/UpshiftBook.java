package io.sotto.cluster.upshift;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The last record of each kind that this node was given as a member, or wrote as the driver: {@code <data-dir>/upshift/
 * {gossip,tls}.journal}, mode 0600, on the disk before anybody is told. Beside it, while this node drives one, {@code .driving},
 * by which its next life knows that it is to go on. Without a directory all of it is in memory only.
 *
 * <p>Any thread; what writes blocks on the disk. Source: ours.
 */
public final class UpshiftBook {
    private static final int FILE_MAX_BYTES = 1 << 24;

    private final Optional<Path> directory;
    private final Map<UpshiftKind, String> faults = new TreeMap<>();
    /** Replaced, never changed, so that nobody who reads waits for the disk. */
    private volatile Map<UpshiftKind, UpshiftRecord> last = Map.of();

    /** Without a directory: an actor that fails and begins anew goes on too. */
    private final Set<UpshiftKind> driven = EnumSet.noneOf(UpshiftKind.class);

    private UpshiftBook(Optional<Path> directory) {
        this.directory = directory;
    }

    /**
     * Reads what an earlier life left. A journal that cannot be read is a fault that is told, and stays as it is until there is
     * a record to write.
     *
     * @param directory {@code <data-dir>/upshift}; it need not be there
     */
    public static UpshiftBook open(Optional<Path> directory) {
        UpshiftBook book = new UpshiftBook(directory);
        for (UpshiftKind kind : UpshiftKind.values()) {
            book.load(kind);
        }
        return book;
    }

    private void load(UpshiftKind kind) {
        if (directory.isEmpty()) {
            return;
        }
        Path path = journal(directory.get(), kind);
        try {
            if (Files.size(path) > FILE_MAX_BYTES) {
                faults.put(kind, path + " is no journal of an upshift");
                return;
            }
            UpshiftJournal.parse(Files.readString(path, StandardCharsets.UTF_8))
                    .filter(record -> record.kind() == kind)
                    .ifPresentOrElse(this::remember, () -> faults.put(kind, path + " is no journal of an upshift"));
        } catch (NoSuchFileException e) {
            // There was none yet.
        } catch (IOException e) {
            faults.put(kind, "open " + path + ": " + FileFault.reasonOf(e));
        }
    }

    private void remember(UpshiftRecord record) {
        Map<UpshiftKind, UpshiftRecord> next = new EnumMap<>(UpshiftKind.class);
        next.putAll(last);
        next.put(record.kind(), record);
        last = Map.copyOf(next);
    }

    /** What could not be read at the start. */
    public List<String> faults() {
        return List.copyOf(faults.values());
    }

    /** Whether what it keeps survives this life. */
    public boolean isKept() {
        return directory.isPresent();
    }

    public Optional<UpshiftRecord> last(UpshiftKind kind) {
        return Optional.ofNullable(last.get(kind));
    }

    /** Those of all kinds. */
    public List<UpshiftRecord> all() {
        return List.copyOf(last.values());
    }

    /**
     * Writes a record down, unless it is overtaken.
     *
     * @return the later one that is kept instead; empty when this one is kept
     * @throws FileFault if nothing was written
     */
    synchronized Optional<UpshiftRecord> keep(UpshiftRecord record) throws FileFault {
        Optional<UpshiftRecord> held = last(record.kind());
        if (held.isPresent() && UpshiftRecord.PRECEDENCE.compare(record, held.get()) < 0) {
            return held;
        }
        if (!held.equals(Optional.of(record))) {
            write(record);
        }
        remember(record);
        return Optional.empty();
    }

    private void write(UpshiftRecord record) throws FileFault {
        if (directory.isPresent()) {
            DurableFile file = DurableFile.of(journal(directory.get(), record.kind()), DurableFile.Readers.OWNER);
            file.makeDirectory();
            // A warning of it means that a power failure may bring the step before back, which can be done again.
            file.replace(UpshiftJournal.text(record).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Whether an earlier life drove one of this kind and did not come to its end. */
    synchronized boolean isDriving(UpshiftKind kind) {
        return directory.map(in -> Files.exists(driving(in, kind))).orElse(driven.contains(kind));
    }

    synchronized void drive(UpshiftKind kind) throws FileFault {
        driven.add(kind);
        if (directory.isPresent()) {
            DurableFile file = DurableFile.of(driving(directory.get(), kind), DurableFile.Readers.OWNER);
            file.makeDirectory();
            file.replace(new byte[0]);
        }
    }

    synchronized void rest(UpshiftKind kind) throws FileFault {
        driven.remove(kind);
        if (directory.isPresent()) {
            DurableFile.of(driving(directory.get(), kind), DurableFile.Readers.OWNER)
                    .remove();
        }
    }

    /** Where a key waits that is on no ring yet. */
    public Optional<Path> keyFile() {
        return directory.map(in -> in.resolve("gossip.key"));
    }

    private static Path journal(Path directory, UpshiftKind kind) {
        return directory.resolve(word(kind) + ".journal");
    }

    private static Path driving(Path directory, UpshiftKind kind) {
        return directory.resolve(word(kind) + ".driving");
    }

    private static String word(UpshiftKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
