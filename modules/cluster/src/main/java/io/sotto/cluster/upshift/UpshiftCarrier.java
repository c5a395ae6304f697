package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.pki.PeerRole;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/**
 * Brings questions and orders to members, over connections of its own whose other end has proved who it is, and never otherwise.
 * Any thread; answers come on any, and always come.
 */
public interface UpshiftCarrier {
    /**
     * Where a member is to be found.
     *
     * @param member its name
     * @param address where it takes calls, by what it gossips: not believed, but dialled
     * @param expected what the certificate there has to prove
     * @param datacenter of the member
     */
    record Place(String member, InetSocketAddress address, PeerRole expected, String datacenter) {}

    /** What came of a question. */
    sealed interface Heard {
        /** It reports, and its certificate is one that may speak for it. */
        record Report(MemberReport report) implements Heard {}

        /**
         * No report.
         *
         * @param why in words that follow its name
         * @param refusesTls whether it was reached, and takes no calls by TLS
         */
        record Nothing(String why, boolean refusesTls) implements Heard {
            Nothing(String why) {
                this(why, false);
            }
        }
    }

    /** Asks one member how it stands. */
    CompletionStage<Heard> ask(Place place);

    /** Orders one member. The order's key is the caller's, and must not be wiped before the answer is there. */
    CompletionStage<OrderAnswer> order(Place place, UpshiftOrder order);

    /** Lets go of connections that were kept for the next question; another one may be asked afterwards. */
    void rest();
}
