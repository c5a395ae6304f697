package io.sotto.gossip.rotation;

import java.nio.file.Path;

/** Names of files beside a ring's: {@code local.keyring} has {@code local.seals} and {@code local.rotation}. Pure. */
final class RingSiblings {
    private RingSiblings() {}

    static Path of(Path ring, String ending) {
        String name = String.valueOf(ring.getFileName());
        int dot = name.lastIndexOf('.');
        return ring.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
    }
}
