import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;

/**
 * Empties the comment lines of every {@code reference.conf} in the jars of a directory. Run on copies, by the
 * launcher and for the archive: five sixths of those files are comments, and reading them is a tenth of an agent's start. Lines keep their
 * numbers, so that messages about a default still name the right one.
 */
public final class TrimReferences {
    private TrimReferences() {}

    /** @param arguments the directory */
    public static void main(String[] arguments) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
            for (Path jar : jars) {
                trim(jar);
            }
        }
    }

    private static void trim(Path jar) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Path reference = inside.getPath("reference.conf");
            if (Files.exists(reference)) {
                List<String> lines = Files.readAllLines(reference);
                // Text in triple quotes may hold lines that only look like comments.
                if (lines.stream().noneMatch(line -> line.contains("\"\"\""))) {
                    lines.replaceAll(TrimReferences::withoutComment);
                    FileTime time = Files.getLastModifiedTime(reference);
                    Files.write(reference, lines);
                    // Of two archives made of the same sources, every byte is to be the same.
                    Files.setLastModifiedTime(reference, time);
                }
            }
        }
    }

    private static String withoutComment(String line) {
        String text = line.strip();
        return text.startsWith("#") || text.startsWith("//") ? "" : text;
    }
}
