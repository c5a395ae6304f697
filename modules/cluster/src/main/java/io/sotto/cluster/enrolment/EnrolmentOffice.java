package io.sotto.cluster.enrolment;

import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.enrolment.EnrolRefusal;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.EnrolmentDesk;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.pki.enrolment.NodeNames;
import io.sotto.pki.enrolment.TokenLedger;
import io.sotto.pki.enrolment.TokenSecret;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcCodecException;
import io.sotto.wire.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority of a node, where it has one: makes tokens, and gives certificates for them. The authority's key is read for each
 * use and kept nowhere else. Any thread; everything blocks on the disk, one at a time.
 */
public final class EnrolmentOffice {
    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentOffice.class);
    private static final int PEM_MAX_BYTES = 1 << 20;

    private final EnrolmentSettings settings;
    private final String self;
    private final SecureRandom random;
    private final Supplier<Instant> wall;
    private final EnrolmentCounters counters = new EnrolmentCounters();
    private final Optional<TokenFile> tokens;

    /** What came of the wish for a token. */
    public sealed interface TokenOutcome {
        /** It is made and written down; the operator carries its text to the node. */
        record Made(JoinToken token) implements TokenOutcome {}

        /** There is none; {@code why} is for people. */
        record Refused(String why) implements TokenOutcome {}
    }

    /**
     * The office of the node of this name.
     *
     * @param wall the date and time
     * @param random unpredictable
     */
    public EnrolmentOffice(EnrolmentSettings settings, String self, Supplier<Instant> wall, SecureRandom random) {
        this.settings = settings;
        this.self = self;
        this.wall = wall;
        this.random = random;
        this.tokens = settings.directory().map(TokenFile::new);
    }

    /** Whether this node has an authority at all. */
    public boolean isOpen() {
        return settings.authority().isPresent() && tokens.isPresent();
    }

    public List<Metric> metrics() {
        return counters.metrics();
    }

    EnrolmentCounters counters() {
        return counters;
    }

    /** Makes a token for one node, and remembers a hash of it. */
    public synchronized TokenOutcome token(String node, EnrolRole role, Duration ttl) {
        if (settings.authority().isEmpty()) {
            return refused(
                    "this agent has no authority: set enrolment.ca-file and enrolment.ca-key-file on the one that has its key");
        }
        if (tokens.isEmpty()) {
            return refused("tokens need a data-dir, so that a used one is known again after a restart");
        }
        if (!NodeNames.isPossible(node)) {
            return refused("\"" + shown(node)
                    + "\" cannot be part of a certificate's name: letters, digits and dashes, 63 at most");
        }
        if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(settings.tokenTtlMax()) > 0) {
            return refused("a token is good for more than nothing and at most enrolment.token-ttl-max = "
                    + settings.tokenTtlMax().toSeconds() + " s");
        }
        try {
            Instant now = wall.get();
            EnrolmentDesk desk = desk();
            TokenLedger ledger = tokens.get().read();
            if (ledger.size() >= settings.tokensMax()) {
                return refused(
                        "as many tokens as may be are remembered: enrolment.tokens-max = " + settings.tokensMax());
            }
            JoinToken token = new JoinToken(
                    node,
                    role,
                    self,
                    // Whole seconds, as its text and its file have it.
                    Instant.ofEpochSecond(now.plus(ttl).getEpochSecond()),
                    CertificateFacts.of(desk.certificate()).fingerprint(),
                    TokenSecret.draw(random));
            tokens.get().write(ledger.with(token, now));
            counters.tokens.increment();
            LOG.info(
                    "enrolment: made token {} for {} as a {}, good until {}",
                    token.secret().id(),
                    node,
                    role.word(),
                    token.expires());
            return new TokenOutcome.Made(token);
        } catch (IOException | PemException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private static TokenOutcome refused(String why) {
        return new TokenOutcome.Refused(why);
    }

    /** Decides about a request as it came; what is granted is on the disk before this returns. */
    synchronized EnrolMessages.Reply answer(EnrolMessages.Call call) {
        if (!isOpen()) {
            return refuse(EnrolRefusal.NO_AUTHORITY);
        }
        TokenFile file = tokens.orElseThrow();
        EnrolmentDesk desk;
        EnrolmentDesk.Decision decision;
        Instant now = wall.get();
        var request = call.received();
        try {
            desk = desk();
            decision = desk.decide(request, file.read(), now);
        } catch (IOException | PemException e) {
            LOG.error("enrolment: {}", e.getMessage());
            return refuse(EnrolRefusal.NO_AUTHORITY);
        }
        if (decision instanceof EnrolmentDesk.Decision.Refused refused) {
            return refuse(refused.why());
        }
        var granted = (EnrolmentDesk.Decision.Granted) decision;
        try {
            file.write(granted.after());
        } catch (IOException e) {
            LOG.error("enrolment: token {} of {} is not used: {}", call.token(), granted.node(), e.getMessage());
            return refuse(EnrolRefusal.UNWRITTEN);
        }
        counters.granted.increment();
        LOG.info(
                "enrolment: {} is enrolled as a {} by token {}",
                granted.node(),
                granted.role().word(),
                call.token());
        return EnrolMessages.Reply.of(desk.answer(request, granted, random, now));
    }

    /** A request of this node's own, which needs no connection. */
    public RpcResult own(RpcRequest request) {
        try {
            return new RpcResult.Answered(
                    EnrolMessages.REPLIES.encode(answer(EnrolMessages.CALLS.decode(request.body()))));
        } catch (RpcCodecException malformed) {
            return new RpcResult.Failed("no request for a certificate");
        }
    }

    private EnrolMessages.Reply refuse(EnrolRefusal why) {
        counters.refused(why);
        return EnrolMessages.Reply.of(why);
    }

    private EnrolmentDesk desk() throws IOException, PemException {
        EnrolmentSettings.AuthorityFiles files = settings.authority().orElseThrow();
        Optional<String> fault = PrivateFile.fault(files.key());
        if (fault.isPresent()) {
            throw new IOException(fault.get());
        }
        CertificateAuthority authority = CertificateAuthority.read(read(files.certificate()), read(files.key()));
        return new EnrolmentDesk(authority, settings.datacenter(), settings.domain(), settings.validity());
    }

    private static PemSource read(Path path) throws IOException {
        try {
            if (Files.size(path) > PEM_MAX_BYTES) {
                throw new IOException(path + " is longer than a PEM file of an authority can be");
            }
            return PemSource.of(path.toString(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new IOException("open " + path + ": " + FileFault.reasonOf(e), e);
        }
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(64).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
