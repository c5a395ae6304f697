package io.sotto.agent.config;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import com.bertramlabs.plugins.hcl4j.HCLParserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads HCL files of Consul and Nomad: literal values only.
 *
 * <p>The library behind it evaluates functions and looks data up over HTTP; both are taken away from it here, so a value
 * that is not a literal arrives as null and is refused with its line.
 */
final class HclSource {
    private final String file;
    private final HclOutline outline;

    private HclSource(String file, HclOutline outline) {
        this.file = file;
        this.outline = outline;
    }

    /** The file's root table; faults are added to {@code faults} and give an empty one. */
    static Node.Table read(String file, String text, List<Fault> faults) {
        HclSource source = new HclSource(file, HclOutline.of(text));
        Place start = new Place(file, 1);
        try {
            Map<String, Object> root = new LiteralParser().parse(text);
            return (Node.Table) source.node("", root);
        } catch (HCLParserException | IOException | RuntimeException e) {
            faults.add(Fault.at(Fault.Kind.SYNTAX, start, "not HCL: " + firstLine(e)));
            return new Node.Table(Map.of(), start);
        } catch (StackOverflowError e) {
            // The library reads by recursion, and so does node().
            faults.add(Fault.at(Fault.Kind.SYNTAX, start, "not HCL: nested too deeply"));
            return new Node.Table(Map.of(), start);
        }
    }

    private Node node(String path, @Nullable Object value) {
        Place place = new Place(file, outline.lines().getOrDefault(path, 0));
        if (value instanceof Map<?, ?> map) {
            Map<String, Node> entries = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = String.valueOf(entry.getKey());
                entries.put(key, node(path.isEmpty() ? key : path + "." + key, entry.getValue()));
            }
            return new Node.Table(entries, place);
        }
        if (value instanceof List<?> list) {
            List<Node> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(node(path, element));
            }
            return new Node.Sequence(elements, place);
        }
        if (value instanceof Boolean bool) {
            return new Node.Bool(bool, place);
        }
        if (value instanceof Number number) {
            double exact = number.doubleValue();
            return exact == Math.rint(exact)
                    ? new Node.Whole(number.longValue(), "int", place)
                    : new Node.Fraction(exact, place);
        }
        if (value instanceof String text && !outline.isInterpolated(path)) {
            return new Node.Text(text, place);
        }
        return new Node.Nothing("expression", place);
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** The library's parser without functions and without data lookups. */
    private static final class LiteralParser extends HCLParser {
        LiteralParser() {
            functionRegistry.clear();
            dataLookupRegistry.clear();
        }
    }
}
