package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the one place of a {@code sotto} section that gives the key. */
final class KeySources {
    private static final String TEXT = "encrypt";
    private static final String FILE = "encrypt-file";
    private static final String CLASS = "encrypt-source";

    private KeySources() {}

    /**
     * The key, if the section gives one.
     *
     * @throws ConfigException when two places give one, and when the one that should has none
     */
    static Optional<GossipKey> read(Config section) {
        List<String> given = new ArrayList<>();
        for (String path : List.of(TEXT, FILE, CLASS)) {
            if (!section.getString(path).isEmpty()) {
                given.add(path);
            }
        }
        if (given.size() > 1) {
            throw bad(section, given.get(1), given.get(0) + " and " + given.get(1) + " both give a key: keep one");
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String path = given.get(0);
        String value = section.getString(path);
        try {
            return switch (path) {
                case TEXT -> Optional.of(GossipKey.parse(value));
                case FILE -> new KeyFile(Path.of(value), KeyFile.Readers.OWNER).key();
                default -> ofClass(section, value).key();
            };
        } catch (IllegalArgumentException | KeySourceException e) {
            throw bad(section, path, String.valueOf(e.getMessage()));
        }
    }

    private static KeySource ofClass(Config section, String name) {
        try {
            return Class.forName(name)
                    .asSubclass(KeySource.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw bad(
                    section,
                    CLASS,
                    name + " is no class of a KeySource with a public constructor without arguments (" + e + ")");
        }
    }

    private static ConfigException bad(Config section, String path, String text) {
        return new ConfigException.BadValue(section.getValue(path).origin(), path, text);
    }
}
