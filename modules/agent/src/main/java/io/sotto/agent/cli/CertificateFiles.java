package io.sotto.agent.cli;

import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Reads and writes the files of the {@code tls} verbs. Errors are in the words of the real tool. Blocks on the disk. */
final class CertificateFiles {
    /** A file cannot be read or written; the text is for people. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault(String text) {
            super(text);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    private static final int MAX_BYTES = 1 << 20;

    private final Path directory;

    /** Of names relative to this directory. */
    CertificateFiles(Path directory) {
        this.directory = directory;
    }

    static CertificateFiles here() {
        return new CertificateFiles(Path.of(""));
    }

    /** What the file holds, or {@code open NAME: no such file or directory} and the like. */
    PemSource read(String name) throws Fault {
        try (var in = Files.newInputStream(directory.resolve(name))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new Fault("read " + name + ": more than " + MAX_BYTES + " bytes");
            }
            return PemSource.of(name, bytes);
        } catch (NoSuchFileException e) {
            throw new Fault("open " + name + ": no such file or directory");
        } catch (AccessDeniedException e) {
            throw new Fault("open " + name + ": permission denied");
        } catch (IOException e) {
            throw new Fault("read " + name + ": "
                    + (Files.isDirectory(directory.resolve(name)) ? "is a directory" : "cannot be read"));
        }
    }

    boolean exists(String name) {
        return Files.exists(directory.resolve(name), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    /** A new file that everybody may read. */
    void writeCertificate(String name, byte[] pem) throws Fault {
        write(name, pem, "rw-r--r--");
    }

    /** A new file that only its owner may read, from its first moment on. */
    void writeKey(String name, byte[] pem) throws Fault {
        write(name, pem, "rw-------");
    }

    private void write(String name, byte[] pem, String mode) throws Fault {
        try (FileChannel channel = FileChannel.open(
                directory.resolve(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
            Channels.newOutputStream(channel).write(pem);
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new Fault(name + " already exists.");
        } catch (NoSuchFileException e) {
            throw new Fault("open " + name + ": no such file or directory");
        } catch (AccessDeniedException e) {
            throw new Fault("open " + name + ": permission denied");
        } catch (IOException e) {
            throw new Fault("write " + name + ": cannot be written");
        }
    }
}
