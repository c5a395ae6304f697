package io.sotto.agent.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Opens the files of a request: directories give their files in name order, not those of their directories.
 *
 * <p>Source: golden/config-and-keyring-cases, "config merge".
 */
final class ConfigurationFiles {
    private final Optional<SettingsRequest.Format> format;
    private final List<Fault> faults;
    private final List<String> warnings;

    /** A file that will be read. */
    record Found(String name, Path path, SettingsRequest.Format format, String text) {}

    ConfigurationFiles(Optional<SettingsRequest.Format> format, List<Fault> faults, List<String> warnings) {
        this.format = format;
        this.faults = faults;
        this.warnings = warnings;
    }

    List<Found> open(List<String> names) {
        List<Found> found = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                directory(name, path, found);
            } else {
                file(name, path, format.or(() -> byName(name)), found);
            }
        }
        return found;
    }

    private void directory(String name, Path path, List<Found> found) {
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files = entries.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                String shown = Path.of(name).resolve(file.getFileName()).toString();
                file(shown, file, byName(shown), found);
            }
        } catch (IOException e) {
            faults.add(unreadable(name, e));
        }
    }

    private void file(String name, Path path, Optional<SettingsRequest.Format> syntax, List<Found> found) {
        if (!Files.exists(path)) {
            faults.add(new Fault(
                    Fault.Kind.ACCESS,
                    name,
                    0,
                    "config: Open failed on " + name + ". open " + name + ": no such file or directory"));
        } else if (syntax.isEmpty()) {
            warnings.add("skipping file " + name + ", extension must be .hcl or .json, or config format must be set");
        } else {
            try {
                found.add(new Found(name, path, syntax.get(), Files.readString(path, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                faults.add(unreadable(name, e));
            }
        }
    }

    private static Fault unreadable(String name, IOException e) {
        String reason = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        return new Fault(
                Fault.Kind.ACCESS, name, 0, "config: Open failed on " + name + ". open " + name + ": " + reason);
    }

    private static Optional<SettingsRequest.Format> byName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".json")) {
            return Optional.of(SettingsRequest.Format.JSON);
        }
        if (lower.endsWith(".hcl")) {
            return Optional.of(SettingsRequest.Format.HCL);
        }
        return lower.endsWith(".conf") ? Optional.of(SettingsRequest.Format.CONF) : Optional.empty();
    }
}
