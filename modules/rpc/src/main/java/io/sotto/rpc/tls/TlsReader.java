package io.sotto.rpc.tls;

import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.pem.Passphrase;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the files as they are at this moment. Blocks on the disk; holds no state.
 *
 * <p>A private key that any user may read is refused under sotto's own settings and warned of under a real agent's, whose tool
 * writes keys that way; one that its group may read is warned of. Source: security rules; TLS specification, section 1, for
 * the words.
 */
final class TlsReader {
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_FILES = 1024;
    private static final int MAX_DEPTH = 16;

    private final TlsFiles files;
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private TlsReader(TlsFiles files) {
        this.files = files;
    }

    static TlsReading read(TlsFiles files) {
        return new TlsReader(files).read();
    }

    private TlsReading read() {
        TlsSettings.Builder settings = files.flags().toBuilder().authorities(authorities());
        List<PemSource> lists = new ArrayList<>();
        files.crlFiles()
                .forEach(path -> file(path, "Error loading from " + path + ": ").ifPresent(lists::add));
        settings.revocations(lists);
        files.certFile()
                .flatMap(path -> file(path, "Failed to load cert/key pair: "))
                .ifPresent(settings::certificate);
        files.keyFile().ifPresent(path -> {
            file(path, "Failed to load cert/key pair: ").ifPresent(settings::key);
            checkReaders(path);
        });
        files.keyPassphraseFile().ifPresent(path -> {
            checkReaders(path);
            file(path, "Failed to read the passphrase of the key: ")
                    .map(TlsReader::firstLine)
                    .ifPresent(settings::passphrase);
        });
        return new TlsReading(settings.build(), faults, warnings);
    }

    private List<PemSource> authorities() {
        if (files.caFile().isPresent()) {
            Path path = files.caFile().get();
            return file(path, "Error loading from " + path + ": ").stream().toList();
        }
        return files.caPath().map(this::directory).orElse(List.of());
    }

    private List<PemSource> directory(Path path) {
        List<PemSource> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(path, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> regular = all.filter(Files::isRegularFile)
                    .filter(TlsReader::isNoTurnedAwayCopy)
                    .sorted()
                    .limit(MAX_FILES + 1L)
                    .toList();
            if (regular.size() > MAX_FILES) {
                faults.add("Error loading from CAPath: more than " + MAX_FILES + " files in " + path);
                return List.of();
            }
            regular.forEach(each -> file(each, "Error loading from CAPath: ").ifPresent(found::add));
            if (regular.isEmpty()) {
                faults.add("Error loading from CAPath: no CAs found");
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            faults.add("Error loading from CAPath: " + reason(path, e));
        }
        return found;
    }

    /** Mounted secrets keep their former generations in directories whose names begin with two dots. */
    private static boolean isNoTurnedAwayCopy(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith("..") && part.toString().length() > 2) {
                return false;
            }
        }
        return true;
    }

    private Optional<PemSource> file(Path path, String what) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                faults.add(what + path + ": more than " + MAX_FILE_BYTES + " bytes");
                return Optional.empty();
            }
            return Optional.of(PemSource.of(path.toString(), bytes));
        } catch (IOException e) {
            faults.add(what + reason(path, e));
            return Optional.empty();
        }
    }

    private void checkReaders(Path path) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            boolean others = mode.contains(PosixFilePermission.OTHERS_READ);
            boolean group = mode.contains(PosixFilePermission.GROUP_READ);
            if (others && files.flags().dialect() == Dialect.SOTTO) {
                faults.add(path + " is readable by every user of this machine; mend it with: chmod 600 " + path);
            } else if (others || group) {
                warnings.add(path + " is readable by " + (others ? "every user of this machine" : "its group")
                        + "; mend it with: chmod 600 " + path);
            }
        } catch (UnsupportedOperationException withoutModes) {
            // A system without modes has none to check.
        } catch (NoSuchFileException missing) {
            // Reading it says so, as a fault.
        } catch (IOException unknown) {
            warnings.add("cannot tell who may read " + path + ": " + unknown.getMessage());
        }
    }

    private static Passphrase firstLine(PemSource source) {
        String text = new String(source.bytes(), StandardCharsets.UTF_8);
        return Passphrase.of(text.lines().findFirst().orElse("").toCharArray());
    }

    private static String reason(Path path, Exception e) {
        Throwable cause = e instanceof java.io.UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof NoSuchFileException) {
            return "open " + path + ": no such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "open " + path + ": permission denied";
        }
        return "read " + path + ": " + (Files.isDirectory(path) ? "is a directory" : "cannot be read");
    }
}
