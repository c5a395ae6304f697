package io.sotto.cluster.enrolment;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.pki.enrolment.TokenLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The authority's ledger of tokens, {@code <data-dir>/tls/tokens}, mode 0600. Each change is on the disk before anybody is told of
 * it. Owned by one process; whoever calls holds a lock. Blocks on the disk.
 */
final class TokenFile {
    private static final int FILE_MAX_BYTES = 1 << 22;

    private final Path path;
    private Optional<TokenLedger> known = Optional.empty();

    TokenFile(Path directory) {
        this.path = directory.resolve("tokens");
    }

    /** What is remembered; throws where that cannot be told, for then a used token might be taken for a fresh one. */
    TokenLedger read() throws IOException {
        if (known.isEmpty()) {
            known = Optional.of(load());
        }
        return known.get();
    }

    private TokenLedger load() throws IOException {
        Optional<String> fault = PrivateFile.fault(path);
        if (fault.isPresent()) {
            throw new IOException(fault.get());
        }
        try {
            if (Files.size(path) > FILE_MAX_BYTES) {
                throw new IOException(path + " is longer than a ledger of tokens can be");
            }
            return TokenLedger.decode(Files.readAllBytes(path))
                    .orElseThrow(() -> new IOException(path + " is no ledger of tokens, or is broken"));
        } catch (NoSuchFileException none) {
            return TokenLedger.empty();
        }
    }

    void write(TokenLedger ledger) throws IOException {
        DurableFile file = DurableFile.of(path, DurableFile.Readers.OWNER);
        try {
            file.makeDirectory();
            // A directory that cannot be synchronised might bring the old content back: with it a token that is used.
            Optional<String> warning = file.replace(ledger.encoded());
            known = Optional.of(ledger);
            if (warning.isPresent()) {
                throw new IOException(warning.get());
            }
        } catch (FileFault e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
