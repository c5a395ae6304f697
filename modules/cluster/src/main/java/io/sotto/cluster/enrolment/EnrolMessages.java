package io.sotto.cluster.enrolment;

import io.sotto.pki.enrolment.EnrolAnswer;
import io.sotto.pki.enrolment.EnrolRefusal;
import io.sotto.pki.enrolment.EnrolRequest;
import io.sotto.rpc.application.RpcCodec;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.wire.Octets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What travels: the call {@code Sotto.Upshift.Enrol}, bodies as msgpack maps. Nothing in either is secret, since the connection
 * may be plain. Source: ours.
 */
final class EnrolMessages {
    static final String METHOD = "Sotto.Upshift.Enrol";

    /** Longer bodies are no request of anybody's. */
    static final int BODY_MAX_BYTES = 16_384;

    private static final Octets NOTHING = Octets.empty();

    /** A request. */
    record Call(String token, Octets nonce, Octets request, Octets hash) {
        static Call of(EnrolRequest request) {
            return new Call(
                    request.tokenId(),
                    Octets.wrap(request.nonce()),
                    Octets.wrap(request.signingRequest()),
                    Octets.wrap(request.hash()));
        }

        EnrolRequest received() {
            return EnrolRequest.received(token, nonce.toArray(), request.toArray(), hash.toArray());
        }
    }

    /** An answer: either a refusal by its label, or the certificates. */
    record Reply(String refused, Octets certificate, Octets authority, Octets hash) {
        static Reply of(EnrolRefusal why) {
            return new Reply(why.label(), NOTHING, NOTHING, NOTHING);
        }

        static Reply of(EnrolAnswer answer) {
            return new Reply(
                    "", Octets.wrap(answer.certificate()), Octets.wrap(answer.authority()), Octets.wrap(answer.hash()));
        }

        /** Why there is no certificate; one that this version does not know counts as the first. */
        Optional<EnrolRefusal> refusal() {
            return refused.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Arrays.stream(EnrolRefusal.values())
                            .filter(why -> why.label().equals(refused))
                            .findFirst()
                            .orElse(EnrolRefusal.UNKNOWN_TOKEN));
        }

        EnrolAnswer received() {
            return EnrolAnswer.received(certificate.toArray(), authority.toArray(), hash.toArray());
        }
    }

    static final RpcCodec<Call> CALLS = RpcCodecs.records(Call.class);
    static final RpcCodec<Reply> REPLIES = RpcCodecs.records(Reply.class);

    private EnrolMessages() {}
}
