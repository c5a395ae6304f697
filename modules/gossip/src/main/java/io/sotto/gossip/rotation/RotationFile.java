package io.sotto.gossip.rotation;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.membership.rotation.RotationJournal;
import io.sotto.membership.rotation.RotationRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The journal of the rotation that this node drives: a file beside the ring's, {@code local.rotation}, mode 0600, there only
 * while one is under way. Ids of keys and names of members, no key. All methods block on the disk. One writer. Source: ours.
 */
final class RotationFile {
    /** Names of some 60,000 members. */
    private static final int FILE_MAX_BYTES = 1 << 24;

    private final Optional<Path> path;
    private final Optional<DurableFile> file;

    /** Beside this ring; kept nowhere where there is no file of one. */
    RotationFile(Optional<Path> ring) {
        this.path = ring.map(of -> RingSiblings.of(of, ".rotation"));
        this.file = path.map(at -> DurableFile.of(at, DurableFile.Readers.OWNER));
    }

    /**
     * What an earlier life wrote and did not remove.
     *
     * @throws IOException when there is one that cannot be read, or is no journal
     */
    Optional<RotationRecord> load() throws IOException {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.size(path.get()) > FILE_MAX_BYTES) {
                throw new IOException("not the journal of a rotation: " + path.get());
            }
            String text = Files.readString(path.get(), StandardCharsets.UTF_8);
            Optional<RotationRecord> record = RotationJournal.parse(text);
            if (record.isEmpty()) {
                throw new IOException("not the journal of a rotation: " + path.get());
            }
            return record;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void store(RotationRecord record) throws FileFault {
        if (file.isPresent()) {
            file.get().makeDirectory();
            // A warning of it means that a power failure may bring the step before back, which can be done again.
            file.get().replace(RotationJournal.text(record).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A journal that a power failure brings back is of a rotation that is done: resuming it changes nothing. */
    void remove() throws IOException {
        if (path.isPresent()) {
            Files.deleteIfExists(path.get());
        }
    }
}
