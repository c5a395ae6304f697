package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints faults as the real agent prints its first one, only all of them: faults of one kind in one file form a block.
 * Source: golden/config-and-keyring-cases.
 */
public final class FaultReport {
    private FaultReport() {}

    /** The blocks to print, without the {@code ==> } before each; in the order in which the faults were found. */
    public static List<String> blocks(List<Fault> faults) {
        Map<String, List<Fault>> grouped = new LinkedHashMap<>();
        for (Fault fault : faults) {
            boolean perFile = fault.kind() == Fault.Kind.TYPE || fault.kind() == Fault.Kind.KEY;
            String group = perFile ? fault.kind() + " " + fault.file() : "#" + grouped.size();
            grouped.computeIfAbsent(group, any -> new ArrayList<>()).add(fault);
        }
        List<String> blocks = new ArrayList<>();
        for (List<Fault> group : grouped.values()) {
            blocks.add(block(group));
        }
        return blocks;
    }

    private static String block(List<Fault> group) {
        Fault first = group.get(0);
        return switch (first.kind()) {
            case ACCESS -> first.text();
            case SYNTAX -> "failed to parse " + first.file() + ": " + first.located();
            case SETTING -> first.located();
            case TYPE -> {
                StringBuilder out = new StringBuilder("failed to parse " + first.file() + ": " + group.size());
                out.append(" error(s) decoding:\n");
                group.forEach(fault -> out.append("\n* ").append(fault.located()));
                yield out.append('\n').toString();
            }
            case KEY -> {
                StringBuilder out = new StringBuilder("failed to parse " + first.file() + ": " + group.size());
                out.append(group.size() == 1 ? " error occurred:" : " errors occurred:");
                group.forEach(fault -> out.append("\n\t* ").append(fault.located()));
                yield out.append('\n').toString();
            }
        };
    }
}
