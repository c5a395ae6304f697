package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what Linux tells of its machine, in the shapes of a real agent. A file that is not there, as on other systems, leaves its
 * figures out. Blocks on the disk. Source: proc(5); shapes from a real agent.
 */
public final class HostFacts {
    private static final int BYTES_PER_KIB = 1024;
    private static final double PERCENT = 100.0;

    /** Lines of {@code /proc/meminfo} by their names in the answer. */
    private static final Map<String, String> MEMORY = ordered(
            "total",
            "MemTotal",
            "available",
            "MemAvailable",
            "free",
            "MemFree",
            "active",
            "Active",
            "inactive",
            "Inactive",
            "buffers",
            "Buffers",
            "cached",
            "Cached",
            "dirty",
            "Dirty",
            "writeback",
            "Writeback",
            "shared",
            "Shmem",
            "slab",
            "Slab",
            "mapped",
            "Mapped",
            "pagetables",
            "PageTables",
            "swapcached",
            "SwapCached",
            "swaptotal",
            "SwapTotal",
            "swapfree",
            "SwapFree",
            "commitlimit",
            "CommitLimit",
            "committedas",
            "Committed_AS");

    /** Lines of {@code /proc/cpuinfo} by their names in the answer. */
    private static final Map<String, String> PROCESSOR = ordered(
            "vendorId",
            "vendor_id",
            "family",
            "cpu family",
            "model",
            "model",
            "physicalId",
            "physical id",
            "coreId",
            "core id",
            "modelName",
            "model name",
            "microcode",
            "microcode");

    private final Path proc;
    private final Path release;
    private final Path data;

    private HostFacts(Path proc, Path release, Path data) {
        this.proc = proc;
        this.release = release;
        this.data = data;
    }

    /**
     * The machine that this JVM runs on.
     *
     * @param data where the agent keeps its files: the disk that is told of
     */
    public static HostFacts ofThisMachine(Path data) {
        return of(Path.of("/proc"), Path.of("/etc/os-release"), data);
    }

    static HostFacts of(Path proc, Path release, Path data) {
        return new HostFacts(proc, release, data);
    }

    Json memory() {
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : lines(proc.resolve("meminfo"))) {
            String[] words = line.split("[:\\s]+", -1);
            if (words.length > 1) {
                bytes.put(words[0], number(words[1]) * (line.endsWith("kB") ? BYTES_PER_KIB : 1));
            }
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        MEMORY.forEach((name, line) -> fields.put(name, Json.of(bytes.getOrDefault(line, 0L))));
        long total = bytes.getOrDefault("MemTotal", 0L);
        long used = total
                - bytes.getOrDefault("MemFree", 0L)
                - bytes.getOrDefault("Buffers", 0L)
                - bytes.getOrDefault("Cached", 0L);
        fields.put("used", Json.of(used));
        fields.put("usedPercent", percent(used, total));
        return new Json.Fields(fields);
    }

    Json processors() {
        List<Json> processors = new ArrayList<>();
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : lines(proc.resolve("cpuinfo"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            } else if (!lines.isEmpty()) {
                processors.add(processor(processors.size(), lines));
                lines.clear();
            }
        }
        if (!lines.isEmpty()) {
            processors.add(processor(processors.size(), lines));
        }
        return new Json.Elements(processors);
    }

    private static Json processor(int number, Map<String, String> lines) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("cpu", Json.of(number));
        PROCESSOR.forEach((name, line) -> fields.put(name, Json.of(lines.getOrDefault(line, ""))));
        fields.put("cores", Json.of(1));
        return new Json.Fields(fields);
    }

    Json system() {
        Map<String, String> names = new LinkedHashMap<>();
        lines(release).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                names.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
            }
        });
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("hostname", Json.of(first(proc.resolve("sys/kernel/hostname"))));
        fields.put("uptime", Json.of(number(first(proc.resolve("uptime")).split("[. ]", 2)[0])));
        fields.put("os", Json.of(System.getProperty("os.name", "").toLowerCase(Locale.ROOT)));
        fields.put("platform", Json.of(names.getOrDefault("ID", "")));
        fields.put("platformVersion", Json.of(names.getOrDefault("VERSION_ID", "")));
        fields.put("kernelVersion", Json.of(first(proc.resolve("sys/kernel/osrelease"))));
        fields.put("kernelArch", Json.of(architecture()));
        return new Json.Fields(fields);
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    Json disk() {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("path", Json.of(data.toString()));
        try {
            FileStore store = Files.getFileStore(data);
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            fields.put("fstype", Json.of(store.type()));
            fields.put("total", Json.of(store.getTotalSpace()));
            fields.put("free", Json.of(store.getUsableSpace()));
            fields.put("used", Json.of(used));
            fields.put("usedPercent", percent(used, store.getTotalSpace()));
        } catch (IOException notThere) {
            fields.put("total", Json.of(0));
        }
        return new Json.Fields(fields);
    }

    private static Json percent(long part, long whole) {
        return GoNumber.of(whole == 0 ? 0 : PERCENT * part / whole);
    }

    private static String first(Path file) {
        return lines(file).stream().findFirst().map(String::strip).orElse("");
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException notThere) {
            return List.of();
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
