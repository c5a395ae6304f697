package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From where to load: files, directories and flags, in the order of the command line. Loading one request again is what a
 * reload does.
 *
 * @param paths files and directories, lowest priority first
 * @param format the syntax of explicit files whatever their names end in
 * @param hcl fragments of HCL that win over everything
 * @param flags settings by path, such as {@code retry-join}
 * @param dev whether to begin from the development preset
 */
public record SettingsRequest(
        List<String> paths, Optional<Format> format, List<String> hcl, Map<String, List<String>> flags, boolean dev) {
    /** The syntax of a configuration file. */
    public enum Format {
        JSON,
        HCL,
        CONF
    }

    public SettingsRequest {
        paths = List.copyOf(paths);
        hcl = List.copyOf(hcl);
        Map<String, List<String>> copy = new LinkedHashMap<>();
        flags.forEach((path, values) -> copy.put(path, List.copyOf(values)));
        flags = copy;
    }

    /** A request for files alone. */
    public static SettingsRequest files(List<String> paths) {
        return new SettingsRequest(paths, Optional.empty(), List.of(), Map.of(), false);
    }

    /** The same with one flag more. */
    public SettingsRequest withFlag(String path, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(flags);
        List<String> values = new ArrayList<>(more.getOrDefault(path, List.of()));
        values.add(value);
        more.put(path, values);
        return new SettingsRequest(paths, format, hcl, more, dev);
    }

    /** Without the values of flags, among which may be a key. */
    @Override
    public String toString() {
        return "SettingsRequest[" + paths + ", flags " + flags.keySet() + "]";
    }
}
