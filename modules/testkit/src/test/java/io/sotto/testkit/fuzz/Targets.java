package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.nio.charset.StandardCharsets;

/** The nodes that cases are made for here. */
final class Targets {
    static final GossipKey KEY = GossipKey.of("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    static final Octets LABEL = Octets.utf8("blue");

    private Targets() {}

    static FuzzTarget plain() {
        return FuzzTarget.plain("target");
    }

    static FuzzTarget sealed() {
        return FuzzTarget.sealed("target", KEY);
    }
}
