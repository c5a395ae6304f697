package io.sotto.agent.access;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rules as Consul writes them, in HCL or, if the first sign is a brace, in JSON:
 *
 * <pre>{@code
 * node_prefix ""  { policy = "read" }
 * key "app/color" { policy = "write" }
 * operator = "read"
 * }</pre>
 *
 * <p>Strictly: what it does not know is a fault with its line, and so is a rule that stands there twice. Only
 * {@code acl}, {@code mesh}, {@code peering} and {@code intentions}, which are about what an agent does not guard, are read over.
 * Pure. One reader reads one text. Source: Consul's rules of access control; HCL's syntax, as far as rules use it.
 */
final class RulesText {
    static final int TEXT_MAX_CHARS = 64 * 1024;
    private static final int RULES_MAX = 1_024;
    private static final String PREFIX = "_prefix";
    private static final Set<String> ELSEWHERE = Set.of("acl", "mesh", "peering");

    private final String text;
    private final List<Rules.Rule> rules = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int at;
    private int line = 1;

    private RulesText(String text) {
        this.text = text;
    }

    /** The rules that the text holds; none if it is blank. */
    static Rules read(String text) throws RulesException {
        if (text.length() > TEXT_MAX_CHARS) {
            throw new RulesException("rules take at most " + TEXT_MAX_CHARS + " characters");
        }
        RulesText reader = new RulesText(text);
        if (text.stripLeading().startsWith("{")) {
            reader.json();
        } else {
            reader.hcl();
        }
        return Rules.of(reader.rules);
    }

    private void json() throws RulesException {
        Json root;
        try {
            root = Json.parse(text);
        } catch (JsonException e) {
            line = e.line();
            throw fault(e.text());
        }
        line = 0;
        for (Map.Entry<String, Json> entry : ((Json.Fields) root).fields().entrySet()) {
            if (entry.getValue() instanceof Json.Text word) {
                scalar(entry.getKey(), word.value());
            } else if (entry.getValue() instanceof Json.Fields names) {
                for (Map.Entry<String, Json> named : names.fields().entrySet()) {
                    jsonBlock(entry.getKey(), named.getKey(), named.getValue());
                }
            } else {
                throw fault(entry.getKey() + " takes a word, or an object of names");
            }
        }
    }

    private void jsonBlock(String kind, String name, Json block) throws RulesException {
        Optional<String> policy = Optional.empty();
        if (!(block instanceof Json.Fields fields)) {
            throw fault(kind + " \"" + name + "\" takes an object with a policy");
        }
        for (Map.Entry<String, Json> field : fields.fields().entrySet()) {
            if (!(field.getValue() instanceof Json.Text word)) {
                throw fault(field.getKey() + " of " + kind + " \"" + name + "\" takes a word");
            }
            policy = attribute(policy, field.getKey(), word.value());
        }
        named(kind, name, policy);
    }

    private void hcl() throws RulesException {
        for (skip(); at < text.length(); skip()) {
            String kind = peek() == '"' ? string() : word();
            skip();
            if (peek() == '=') {
                at++;
                skip();
                scalar(kind, string());
            } else {
                String name = string();
                skip();
                block(kind, name);
            }
        }
    }

    private void block(String kind, String name) throws RulesException {
        expect('{');
        Optional<String> policy = Optional.empty();
        for (skip(); peek() != '}'; skip()) {
            String attribute = peek() == '"' ? string() : word();
            skip();
            expect('=');
            skip();
            policy = attribute(policy, attribute, string());
            skip();
            if (peek() == ',') {
                at++;
            }
        }
        expect('}');
        named(kind, name, policy);
    }

    /** The policy, with one attribute more. */
    private Optional<String> attribute(Optional<String> before, String name, String value) throws RulesException {
        if (name.equals("intentions")) {
            return before;
        }
        if (!name.equals("policy") || before.isPresent()) {
            throw fault("invalid key " + name + " in a rule: it takes one policy");
        }
        return Optional.of(value);
    }

    private void scalar(String kind, String word) throws RulesException {
        if (ELSEWHERE.contains(kind)) {
            return;
        }
        Resource resource = Resource.of(kind)
                .filter(known -> !known.isNamed())
                .orElseThrow(() -> fault(
                        Resource.of(kind).isPresent()
                                ? kind + " takes a name: " + kind + "_prefix \"\" { policy = \"" + word + "\" }"
                                : "invalid key " + kind));
        add(kind, "", resource, false, word);
    }

    private void named(String kind, String name, Optional<String> policy) throws RulesException {
        boolean isPrefix = kind.endsWith(PREFIX);
        String bare = isPrefix ? kind.substring(0, kind.length() - PREFIX.length()) : kind;
        Resource resource = Resource.of(bare)
                .filter(Resource::isNamed)
                .orElseThrow(() -> fault(
                        Resource.of(bare).isPresent()
                                ? bare + " takes no name: " + bare + " = \"read\""
                                : "invalid key " + kind));
        add(kind, name, resource, isPrefix, policy.orElseThrow(() -> fault(kind + " \"" + name + "\" has no policy")));
    }

    private void add(String kind, String name, Resource resource, boolean isPrefix, String word) throws RulesException {
        Level level = Level.of(word)
                .filter(known -> known != Level.LIST || resource == Resource.KEY)
                .orElseThrow(() -> fault("Invalid " + kind + " policy: \"" + word + "\""));
        if (!seen.add(kind + " " + name)) {
            throw fault(kind + (name.isEmpty() && !isPrefix ? "" : " \"" + name + "\"") + " stands there twice");
        }
        if (rules.size() == RULES_MAX) {
            throw fault("more than " + RULES_MAX + " rules");
        }
        rules.add(new Rules.Rule(resource, name, isPrefix, level));
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                int next = end < 0 ? text.length() : end + 2;
                line += (int) text.substring(at, next)
                        .chars()
                        .filter(sign -> sign == '\n')
                        .count();
                at = next;
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return;
            }
        }
    }

    private String word() throws RulesException {
        int start = at;
        while (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (start == at) {
            throw unexpected("a rule");
        }
        return text.substring(start, at);
    }

    private String string() throws RulesException {
        if (peek() != '"') {
            throw unexpected("a name or a word in quotes");
        }
        at++;
        StringBuilder out = new StringBuilder();
        for (char c = peek(); c != '"'; c = peek()) {
            at++;
            if (c == '\n') {
                throw fault("a string has no end");
            }
            if (c == '\\') {
                c = peek();
                if (c != '"' && c != '\\') {
                    throw unexpected("\\\" or \\\\");
                }
                at++;
            }
            out.append(c);
        }
        at++;
        return out.toString();
    }

    private void expect(char sign) throws RulesException {
        if (peek() != sign) {
            throw unexpected("'" + sign + "'");
        }
        at++;
    }

    private char peek() throws RulesException {
        if (at >= text.length()) {
            throw fault("the text ends in the midst of a rule");
        }
        return text.charAt(at);
    }

    private RulesException unexpected(String wanted) {
        return fault("expected " + wanted + ", found '" + text.charAt(at) + "'");
    }

    private RulesException fault(String what) {
        return new RulesException(line > 0 ? "line " + line + ": " + what : what);
    }
}
