package io.sotto.gossip;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Unwrapper;
import java.util.ArrayList;
import java.util.List;

/** What an eavesdropper can make of a datagram without any key. */
final class WireForms {
    private WireForms() {}

    /** The datagram as it is, and if it is plain each message that is in it, unpacked. */
    static List<byte[]> of(Octets datagram) {
        List<byte[]> forms = new ArrayList<>();
        forms.add(datagram.toArray());
        if (Checksum.verify(datagram) instanceof Checksum.Verified.Intact intact) {
            Unwrapper.unwrap(intact.rest(), Limits.defaults())
                    .messages()
                    .forEach(message -> forms.add(message.toArray()));
        }
        return forms;
    }
}
