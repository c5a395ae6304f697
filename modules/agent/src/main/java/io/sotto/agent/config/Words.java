package io.sotto.agent.config;

import java.util.Set;

/** HOCON's words for switches, which sotto's own form allows and Consul's does not. */
final class Words {
    private static final Set<String> ON = Set.of("true", "on", "yes");
    private static final Set<String> OFF = Set.of("false", "off", "no");

    private Words() {}

    static boolean isSwitch(Node node) {
        return node instanceof Node.Text text && (ON.contains(text.value()) || OFF.contains(text.value()));
    }

    static Node.Bool toBool(Node node) {
        return node instanceof Node.Bool bool
                ? bool
                : new Node.Bool(node instanceof Node.Text text && ON.contains(text.value()), node.place());
    }
}
