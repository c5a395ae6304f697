package io.sotto.gossip.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that could not be replaced: which one, and why, in the operating system's words. Never its content.
 *
 * <p>The message is complete for an operator: {@code write /data/node-id: no space left on device}.
 */
public final class FileFault extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    FileFault(String action, Path path, IOException cause) {
        super(action + " " + path + ": " + reasonOf(cause), cause);
        this.reason = reasonOf(cause);
    }

    /** Why, without the path: {@code no space left on device}. */
    public String reason() {
        return reason;
    }

    /** The operating system's words for a failure, without the path that the JDK puts before them. */
    public static String reasonOf(IOException failure) {
        if (failure instanceof FileFault known) {
            return known.reason;
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return "is a directory";
        }
        if (failure instanceof FileSystemLoopException) {
            return "too many levels of symbolic links";
        }
        String text = failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
        return text == null ? failure.getClass().getSimpleName() : text.toLowerCase(Locale.ROOT);
    }
}
