package io.sotto.agent.config;

import com.typesafe.config.Config;
import io.sotto.agent.access.AccessSettings;
import io.sotto.agent.access.Level;
import io.sotto.agent.access.Token;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks what is set for access control. Faults never hold a token. */
final class AccessChecks {
    private final Layers layers;
    private final Config defaults;
    private final TransportKeys keys;
    private final List<Fault> faults;

    AccessChecks(Layers layers, Config defaults, TransportKeys keys, List<Fault> faults) {
        this.layers = layers;
        this.defaults = defaults;
        this.keys = keys;
        this.faults = faults;
    }

    /** What is set; faults go to the list given at construction. */
    AccessSettings settings(String node) {
        return new AccessSettings(
                layers.get("acl.enabled")
                        .map(value -> ((Node.Bool) value).value())
                        .orElseGet(() -> defaults.getBoolean("acl.enabled")),
                policy(),
                token("acl.tokens.initial-management"),
                token("acl.tokens.agent-recovery"),
                token("acl.tokens.default"),
                whole("acl.max-failures"),
                whole("acl.max-addresses"),
                node);
    }

    private Level policy() {
        String word = text("acl.default-policy").toLowerCase(Locale.ROOT);
        if (!word.equals("allow") && !word.equals("deny")) {
            // What stands there is not repeated: it may be a token in the wrong place.
            fault("acl.default-policy", "use allow or deny");
        }
        return word.equals("allow") ? Level.WRITE : Level.DENY;
    }

    private Optional<Token> token(String path) {
        String secret = text(path);
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            fault(path, "a token is a word of printable ASCII characters");
            return Optional.empty();
        }
        return secret.isEmpty() ? Optional.empty() : Optional.of(Token.of(secret));
    }

    private int whole(String path) {
        long value = layers.get(path).map(node -> ((Node.Whole) node).value()).orElseGet(() -> defaults.getLong(path));
        if (value < 1 || value > Integer.MAX_VALUE) {
            fault(path, "must be 1 or more, not " + value);
            return 1;
        }
        return (int) value;
    }

    private String text(String path) {
        return layers.get(path).map(node -> ((Node.Text) node).value()).orElseGet(() -> defaults.getString(path));
    }

    private void fault(String path, String text) {
        faults.add(Fault.at(
                Fault.Kind.SETTING,
                layers.get(path).map(Node::place).orElse(Place.DEFAULT),
                keys.spelling(path) + ": " + text));
    }
}
