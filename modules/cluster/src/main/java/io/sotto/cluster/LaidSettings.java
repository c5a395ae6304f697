package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What upshifts have changed on this node and its own settings do not say yet: lines that are laid over those at the start and at
 * every reload, so that neither undoes a stage. Kept in {@code <data-dir>/upshift/applied.conf}, mode 0600; a line that the
 * settings themselves have by now is dropped, and with the last one the file. Immutable; holds no secret.
 *
 * <p>Source: ours; agent specification, sections 3 and 4, for what each flag does.
 *
 * @param lines the values by path, as HOCON has them
 */
record LaidSettings(SortedMap<String, String> lines) {
    private static final String NULL = "null";
    private static final int FILE_MAX_BYTES = 1 << 16;
    private static final String HEAD = """
            # What upshifts have changed on this node, laid over its settings by sotto at each start and reload.
            # Put these lines into the settings; those that are there are taken out of this file by themselves.
            """;

    private static final String GOSSIP_IN = "encrypt-verify-incoming";
    private static final String GOSSIP_OUT = "encrypt-verify-outgoing";
    private static final List<String> KEY_PLACES = List.of("encrypt", "encrypt-file", "encrypt-source");
    private static final String TLS_IN = "tls.verify-incoming";
    private static final String TLS_IN_RPC = "tls.verify-incoming-rpc";
    private static final String TLS_IN_HTTPS = "tls.verify-incoming-https";
    private static final String TLS_OUT = "tls.verify-outgoing";
    private static final String TLS_NAMES = "tls.verify-server-hostname";
    private static final Set<String> OF_TLS = Set.of(TLS_IN, TLS_IN_RPC, TLS_IN_HTTPS, TLS_OUT, TLS_NAMES);
    private static final Set<String> FLAGS = Set.of(GOSSIP_IN, GOSSIP_OUT, TLS_IN, TLS_IN_RPC, TLS_IN_HTTPS, TLS_OUT);

    LaidSettings {
        lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
    }

    static LaidSettings none() {
        return new LaidSettings(new TreeMap<>());
    }

    /** Where they are kept, if they are. */
    static Optional<Path> directory(Config section) {
        String directory = section.getString("data-dir");
        return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory, "upshift"));
    }

    /**
     * Those of an earlier life, without what the settings say by now.
     *
     * @throws ConfigException for a file that is not ours, or that others may have written: without it the node might refuse
     *     what its pool sends, or send what it should not
     */
    static LaidSettings load(Config section) {
        Optional<Path> directory = directory(section);
        if (directory.isEmpty()) {
            return none();
        }
        Path path = file(directory.get());
        try {
            if (!Files.exists(path)) {
                return none();
            }
            Optional<String> fault =
                    section.getBoolean("keyring-file-mode-check") ? PrivateFile.fault(path) : Optional.empty();
            if (fault.isPresent()) {
                throw bad(fault.get());
            }
            if (Files.size(path) > FILE_MAX_BYTES) {
                throw bad(path + " is not what upshifts write there");
            }
            return parse(Files.readString(path, StandardCharsets.UTF_8)).without(section);
        } catch (NoSuchFileException e) {
            return none();
        } catch (IOException e) {
            throw bad("open " + path + ": " + FileFault.reasonOf(e));
        }
    }

    private static LaidSettings parse(String text) {
        Config read = ConfigFactory.parseString(
                text, ConfigParseOptions.defaults().setOriginDescription("upshift/applied.conf"));
        SortedMap<String, String> lines = new TreeMap<>();
        gather("", read.root(), lines);
        return new LaidSettings(lines);
    }

    private static void gather(String prefix, Map<String, ConfigValue> values, SortedMap<String, String> lines) {
        values.forEach((name, value) -> {
            String path = prefix + name;
            if (value instanceof ConfigObject object) {
                gather(path + ".", object, lines);
            } else {
                lines.put(path, value.render(ConfigRenderOptions.concise()));
            }
        });
    }

    /** Writes them down; the file goes with the last of them. */
    void store(Path directory) throws FileFault {
        DurableFile file = DurableFile.of(file(directory), DurableFile.Readers.OWNER);
        if (lines.isEmpty()) {
            if (Files.isDirectory(directory)) {
                file.remove();
            }
            return;
        }
        file.makeDirectory();
        file.replace((HEAD + String.join("\n", text()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Laid over these settings. */
    Config over(Config section) {
        return lines.isEmpty()
                ? section
                : ConfigFactory.parseString(
                                String.join("\n", text()),
                                ConfigParseOptions.defaults().setOriginDescription("upshift/applied.conf"))
                        .withFallback(section);
    }

    /** As an operator would write them. */
    List<String> text() {
        return lines.entrySet().stream()
                .map(line -> line.getKey() + " = " + line.getValue())
                .toList();
    }

    /** Without those that these settings have themselves. */
    LaidSettings without(Config section) {
        SortedMap<String, String> left = new TreeMap<>(lines);
        left.entrySet().removeIf(line -> line.getValue().equals(value(section, line.getKey())));
        return new LaidSettings(left);
    }

    /** With a stage in place of the one before of its kind. */
    LaidSettings at(UpshiftKind kind, UpshiftStage stage, Config section) {
        SortedMap<String, String> next = new TreeMap<>(lines);
        boolean isSending = stage.isAtLeast(UpshiftStage.SENDING);
        boolean isEnforced = stage == UpshiftStage.ENFORCED;
        if (kind == UpshiftKind.GOSSIP) {
            next.keySet().removeIf(path -> path.startsWith("encrypt"));
            if (stage == UpshiftStage.NONE) {
                KEY_PLACES.forEach(path -> next.put(path, "\"\""));
            } else {
                next.put(GOSSIP_IN, String.valueOf(isEnforced));
                next.put(GOSSIP_OUT, String.valueOf(isSending));
            }
        } else {
            next.keySet().removeIf(OF_TLS::contains);
            next.put(TLS_OUT, String.valueOf(isSending));
            next.put(TLS_IN_RPC, String.valueOf(isEnforced));
            if (!isEnforced && isTrue(section, TLS_IN)) {
                // It stands for both listeners, and HTTPS is to stay as it is.
                next.put(TLS_IN, "false");
                next.put(TLS_IN_HTTPS, "true");
            }
            if (!isSending && isTrue(section, TLS_NAMES)) {
                // It implies verify-outgoing; not set, names are checked wherever TLS is dialled.
                next.put(TLS_NAMES, NULL);
            }
        }
        return new LaidSettings(next).without(section);
    }

    private static boolean isTrue(Config section, String path) {
        return section.hasPath(path) && section.getBoolean(path);
    }

    /** As a line has it; a flag that is not set is off. */
    private static String value(Config section, String path) {
        if (!section.hasPath(path)) {
            return FLAGS.contains(path) ? "false" : NULL;
        }
        return FLAGS.contains(path) || path.equals(TLS_NAMES)
                ? String.valueOf(section.getBoolean(path))
                : section.getValue(path).render(ConfigRenderOptions.concise());
    }

    private static Path file(Path directory) {
        return directory.resolve("applied.conf");
    }

    private static ConfigException bad(String reason) {
        return new ConfigException.BadValue("data-dir", reason);
    }
}
