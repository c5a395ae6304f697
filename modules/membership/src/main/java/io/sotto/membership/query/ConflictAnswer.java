package io.sotto.membership.query;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.Tags;
import java.util.Optional;

/** What a member answers when it is asked whom it knows by a name. Stateless. Source: gossip specification, 16.8, 17.7. */
public final class ConflictAnswer {
    private ConflictAnswer() {}

    /**
     * The answer's payload.
     *
     * @param known the member of that name, if it is listed here
     */
    public static Octets payload(Optional<MemberRecord> known) {
        return Octets.wrap(SerfCodec.encode(new SerfMessage.ConflictResponse(
                known.filter(MemberRecord::isListed).map(ConflictAnswer::described))));
    }

    private static SerfMessage.MemberRecord described(MemberRecord known) {
        ProtocolVersions versions = known.versions();
        return new SerfMessage.MemberRecord(
                known.name(),
                known.address(),
                Tags.decode(known.meta()),
                known.status().code(),
                versions.pmin(),
                versions.pmax(),
                versions.pcur(),
                versions.dmin(),
                versions.dmax(),
                versions.dcur());
    }
}
