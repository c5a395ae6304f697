package io.sotto.agent.config;

import io.sotto.cluster.KeyFile;
import io.sotto.cluster.KeySourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the one place that gives the gossip key: {@code encrypt} in a file or a flag, {@code -encrypt -} for standard input,
 * {@code encrypt-file}, the environment variable {@code SOTTO_ENCRYPT}, the systemd credential {@code sotto-encrypt}, or a
 * class that {@code encrypt-source} names. Two at once contradict each other. Source: ours.
 */
final class KeyPlaces {
    /** Where a flag stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final String ENCRYPT = "encrypt";
    private static final String VARIABLE = "SOTTO_ENCRYPT";
    private static final String CREDENTIAL = "sotto-encrypt";
    private static final Place FLAG = Place.flag(ENCRYPT);
    private static final Place DEV = Place.flag("dev");

    private final Surroundings surroundings;
    private final List<Fault> faults;
    private final List<String> warnings;

    /** A place, and how messages name it. */
    private record Found(String name, Place place, Reading reading) {
        String shown() {
            return place.origin().equals(name) ? name : name + " (" + place + ")";
        }
    }

    private interface Reading {
        /** The key in base64; empty when it is not ours to read. */
        Optional<String> text() throws KeySourceException;
    }

    KeyPlaces(Surroundings surroundings, List<Fault> faults, List<String> warnings) {
        this.surroundings = surroundings;
        this.faults = faults;
        this.warnings = warnings;
    }

    /** The setting {@code encrypt} as it follows from what the layers and the surroundings say; empty to leave it. */
    Map<String, Node> resolve(Layers layers) {
        List<Found> found = new ArrayList<>();
        Optional<Node.Text> written = text(layers, ENCRYPT);
        written.map(this::written).ifPresent(found::add);
        text(layers, "encrypt-file")
                .map(node -> new Found(
                        "encrypt_file",
                        node.place(),
                        () -> Optional.of(new KeyFile(Path.of(node.value()), KeyFile.Readers.OWNER).text())))
                .ifPresent(found::add);
        text(layers, "encrypt-source")
                .map(node -> new Found("encrypt_source", node.place(), Optional::empty))
                .ifPresent(found::add);
        variable(written.map(Node.Text::value).orElse("")).ifPresent(found::add);
        credential().ifPresent(found::add);
        if (found.size() > 1 && found.get(0).place.equals(DEV)) {
            // Made up only for want of another.
            found.remove(0);
        }
        if (found.size() > 1) {
            faults.add(Fault.at(
                    Fault.Kind.SETTING,
                    found.get(1).place,
                    found.get(0).shown() + " and " + found.get(1).shown() + " both give a key: keep one"));
            return Map.of();
        }
        return found.isEmpty() ? Map.of() : read(found.get(0));
    }

    private Map<String, Node> read(Found found) {
        try {
            // What is read elsewhere replaces what is written here, be it the key that -dev makes up.
            return Map.of(ENCRYPT, new Node.Text(found.reading.text().orElse(""), found.place));
        } catch (KeySourceException e) {
            faults.add(Fault.at(Fault.Kind.SETTING, found.place, found.name + ": " + e.getMessage()));
            return Map.of(ENCRYPT, new Node.Text("", found.place));
        }
    }

    private Found written(Node.Text node) {
        if (node.place().equals(FLAG) && node.value().equals(STANDARD_INPUT)) {
            return new Found("standard input", FLAG, this::standardInput);
        }
        if (node.place().equals(FLAG) || node.place().origin().startsWith("flag -hcl")) {
            warnings.add(
                    "the gossip key on the command line can be seen by other users of this machine; use encrypt_file, "
                            + VARIABLE + ", a systemd credential, or -encrypt - to read it from standard input");
        }
        return new Found(ENCRYPT, node.place(), () -> Optional.of(node.value()));
    }

    private Optional<String> standardInput() throws KeySourceException {
        String line = surroundings.standardInput().get().map(String::strip).orElse("");
        if (line.isEmpty()) {
            throw new KeySourceException("it holds no key");
        }
        return Optional.of(line);
    }

    /** None where a file has the variable's value already, as HOCON's substitutions put it there. */
    private Optional<Found> variable(String written) {
        String value = surroundings.environment().getOrDefault(VARIABLE, "").strip();
        String name = "environment variable " + VARIABLE;
        return value.isEmpty() || value.equals(written)
                ? Optional.empty()
                : Optional.of(new Found(name, new Place(name, 0), () -> Optional.of(value)));
    }

    private Optional<Found> credential() {
        String directory = surroundings.environment().getOrDefault("CREDENTIALS_DIRECTORY", "");
        Path file = Path.of(directory, CREDENTIAL);
        String name = "systemd credential " + CREDENTIAL;
        return directory.isEmpty() || !Files.exists(file)
                ? Optional.empty()
                : Optional.of(new Found(
                        name,
                        new Place(name, 0),
                        // systemd guards the directory, and may show the file as readable by a group of one.
                        () -> Optional.of(new KeyFile(file, KeyFile.Readers.GUARDED).text())));
    }

    private static Optional<Node.Text> text(Layers layers, String path) {
        return layers.get(path)
                .map(node -> (Node.Text) node)
                .filter(node -> !node.value().isEmpty());
    }
}
