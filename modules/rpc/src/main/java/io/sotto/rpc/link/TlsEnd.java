package io.sotto.rpc.link;

import io.sotto.pki.PeerRefused;
import io.sotto.pki.Reason;
import java.util.Optional;

/**
 * How TLS ended on a connection.
 *
 * @param text for people and logs, in the words of a real agent where it has some; {@code EOF} for a farewell
 * @param refused what failed, unless the bytes merely ended
 */
record TlsEnd(String text, Optional<PeerRefused> refused) {
    static final TlsEnd EOF = new TlsEnd("EOF", Optional.empty());

    /** Whether it was the peer who ended it. */
    boolean isByPeer() {
        return refused.isEmpty()
                || refused.get().reason() == Reason.REFUSED_BY_PEER
                || refused.get().reason() == Reason.NO_TLS;
    }

    static TlsEnd of(Exception failure) {
        PeerRefused refused = PeerRefused.from(failure);
        return new TlsEnd(refused.text(), Optional.of(refused));
    }
}
