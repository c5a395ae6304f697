package io.sotto.membership.query;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which members a query is for. A query may have several; a member handles it if all of them match.
 *
 * <pre>
 *   00 | msgpack [name, …]                  {@link Nodes}
 *   01 | msgpack {Expr: text, Tag: text}    {@link Tag}
 * </pre>
 *
 * <p>Source: gossip specification, sections 16.7 and 17.6.
 */
public sealed interface QueryFilter {
    /** The members of these names. */
    record Nodes(List<String> names) implements QueryFilter {
        public Nodes {
            names = List.copyOf(names);
        }

        @Override
        public boolean matches(String node, Map<String, String> tags) {
            return names.contains(node);
        }

        @Override
        public Octets encode() {
            MsgpackWriter out = new MsgpackWriter(EXPECTED_BYTES).octet(NODES).list(names.size());
            names.forEach(out::text);
            return out.toOctets();
        }
    }

    /** The members of which the value of a tag has a part that fits the expression. */
    record Tag(String tag, String expression) implements QueryFilter {
        @Override
        public boolean matches(String node, Map<String, String> tags) {
            return TagExpression.parse(expression)
                    .filter(parsed -> parsed.matches(tags.getOrDefault(tag, "")))
                    .isPresent();
        }

        @Override
        public Octets encode() {
            MsgpackWriter out = new MsgpackWriter(EXPECTED_BYTES).octet(TAG).map(2);
            out.key("Expr").text(expression);
            out.key("Tag").text(tag);
            return out.toOctets();
        }
    }

    /** The kind byte of {@link Nodes}. */
    int NODES = 0;

    /** The kind byte of {@link Tag}. */
    int TAG = 1;

    /** Filters of one query that are looked at; with more it is handled by nobody. No query of 1,024 bytes has so many. */
    int COUNT_MAX = 64;

    /** What an encoded one is expected to take. */
    int EXPECTED_BYTES = 64;

    /** Whether the member of this name and these tags is meant. */
    boolean matches(String node, Map<String, String> tags);

    /** The kind byte and the value. */
    Octets encode();

    /** Whether the member of this name and these tags handles a query with these filters, as they came. */
    static boolean allMatch(List<Octets> filters, String node, Map<String, String> tags) {
        if (filters.size() > COUNT_MAX) {
            return false;
        }
        for (Octets filter : filters) {
            if (decode(filter).filter(decoded -> decoded.matches(node, tags)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Empty for what is no filter: no bytes at all, a kind that is not known, or another value than its kind has. */
    static Optional<QueryFilter> decode(Octets filter) {
        if (filter.isEmpty()) {
            return Optional.empty();
        }
        MsgpackReader in = new MsgpackReader(filter, 1, 2);
        QueryFilter decoded = switch (filter.at(0)) {
            case NODES -> nodes(in, filter.length());
            case TAG -> tag(in, filter.length());
            default -> new Nodes(List.of());
        };
        return filter.at(0) > TAG || in.hasFailed() ? Optional.empty() : Optional.of(decoded);
    }

    private static QueryFilter nodes(MsgpackReader in, int maxBytes) {
        List<String> names = new ArrayList<>();
        int count = in.beginList(maxBytes);
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            names.add(in.text(maxBytes));
        }
        return new Nodes(names);
    }

    private static QueryFilter tag(MsgpackReader in, int maxBytes) {
        StructShape shape = StructShape.of("Tag", "Expr");
        String tag = "";
        String expression = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, shape)) {
                case 0 -> tag = in.text(maxBytes);
                case 1 -> expression = in.text(maxBytes);
                default -> in.skip();
            }
        }
        return new Tag(tag, expression);
    }
}
