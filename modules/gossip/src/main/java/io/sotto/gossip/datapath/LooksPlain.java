package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;

/**
 * Guesses whether bytes are a bare message rather than a sealed envelope. Only for saying why something was refused.
 *
 * <p>A sealed datagram begins with version 0 or 1 and then a nonce, which is as good as random; a ping or an indirect ping
 * begins with the same byte and then a msgpack map whose first key is text. Source: gossip specification, section 4,
 * "Consequences".
 */
final class LooksPlain {
    private LooksPlain() {}

    static boolean test(Octets bytes) {
        if (bytes.isEmpty() || bytes.at(0) > 1) {
            return true;
        }
        return bytes.length() > 2 && (bytes.at(1) & 0xf0) == 0x80 && (bytes.at(2) & 0xe0) == 0xa0;
    }
}
