package io.sotto.cluster;

import io.sotto.cluster.enrolment.EnrolledFiles;
import io.sotto.cluster.enrolment.EnrolmentOffice.TokenOutcome;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * First certificates for members, over connections that prove nothing yet: an operator makes a one-time token on the node that has
 * the authority's key, and carries it to the member, which makes a key of its own and asks with it.
 *
 * <pre>{@code
 * authority.enrolment().token("shop-7", EnrolRole.CLIENT, Duration.ofHours(1));   // TokenOutcome.Made: carry its text over
 * shop7.enrolment().enrol(token, Optional.empty());                              // certificates are in use when this completes
 * }</pre>
 *
 * <p>Neither the token's secret nor the private key travels. May be called from any thread; nothing here blocks or fails.
 */
public interface Enrolment {
    /** What came of an enrolment. */
    sealed interface Outcome {
        /**
         * The node has a certificate, and uses it.
         *
         * @param files where it is; a configuration that names them may be written, and need not
         * @param remark what else to know, or empty
         */
        record Enrolled(EnrolledFiles files, CertificateFacts certificate, String remark) implements Outcome {}

        /** It has none, or does not use it; {@code why} is for people. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * Makes a token on the node whose settings name an authority's files.
     *
     * @param node whom it is for; its name must be one label of a DNS name
     * @param role {@code SERVER} only for who is to be a server of the datacenter
     * @param ttl for how long it is good
     */
    CompletionStage<TokenOutcome> token(String node, EnrolRole role, Duration ttl);

    /**
     * Asks for this node's certificate, and uses it from then on, after restarts too.
     *
     * @param at where the authority takes calls; empty to ask the member that the token names
     */
    CompletionStage<Outcome> enrol(JoinToken token, Optional<InetSocketAddress> at);
}
