package io.sotto.interop;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What one node has written to its log so far. Lines are compared without what differs between two runs of the same thing:
 * times, addresses, ids, names and numbers.
 */
record LogLines(String node, List<String> lines) {
    private static final Pattern TROUBLE = Pattern.compile("\\[(WARN|ERR|ERROR)\\]");
    private static final Pattern EVENT = Pattern.compile("EventMember(Failed|Join|Leave|Reap)");
    private static final Pattern TIME = Pattern.compile("\\d{4}[-/]\\d{2}[-/]\\d{2}[T ]\\S+");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?");
    private static final Pattern NAME = Pattern.compile("\\b(server|client|sotto)-[a-z0-9]+\\b");
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?(ns|µs|ms|s|m)?");

    LogLines {
        lines = List.copyOf(lines);
    }

    static LogLines of(PoolNode node) {
        return new LogLines(node.name(), node.log().lines().toList());
    }

    /** The lines since an earlier look. */
    LogLines since(LogLines earlier) {
        return new LogLines(node, lines.subList(earlier.lines.size(), lines.size()));
    }

    /** Warnings and errors. */
    List<String> trouble() {
        return lines.stream().filter(line -> TROUBLE.matcher(line).find()).toList();
    }

    /** News that somebody came or went. */
    List<String> events() {
        return lines.stream().filter(line -> EVENT.matcher(line).find()).toList();
    }

    /** The kind of a line. */
    static String kind(String line) {
        String kind = TIME.matcher(line).replaceAll("<time>");
        kind = UUID.matcher(kind).replaceAll("<id>");
        kind = ADDRESS.matcher(kind).replaceAll("<address>");
        kind = NAME.matcher(kind).replaceAll("<node>");
        return NUMBER.matcher(kind).replaceAll("<n>").trim();
    }
}
