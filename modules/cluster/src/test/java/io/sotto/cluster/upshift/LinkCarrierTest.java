package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcListener;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is believed of whom is at the other end, and what is sent to whom. */
@DisplayName("the carrier of an upshift")
class LinkCarrierTest {
    private static final ActorTestKit KIT = ActorTestKit.create("link-carrier-test", ConfigFactory.load());
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CertificateAuthority authority = CertificateAuthority.create(RANDOM, Instant.now());
    private final List<String> called = new CopyOnWriteArrayList<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final AtomicLong questions = new AtomicLong(100);
    private TlsSnapshot own = TlsSnapshot.none();

    @BeforeEach
    void setUp() {
        own = snapshot(authority, server("driver"));
    }

    @AfterAll
    static void tearDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void bringsTheReportOfAMemberThatProvesWhoItIs() {
        UpshiftCarrier.Heard heard = ask(listening(snapshot(authority, server("m")), this::honest));

        assertThat(heard)
                .isInstanceOfSatisfying(
                        UpshiftCarrier.Heard.Report.class,
                        report -> assertThat(report.report().said().member()).isEqualTo("m"));
        assertThat(order(listening(snapshot(authority, server("m")), this::honest)))
                .isEqualTo(OrderAnswer.taken());
    }

    @Test
    void believesNoCertificateOfAnotherAuthorityAndSendsItNothing() {
        CertificateAuthority other = CertificateAuthority.create(RANDOM, Instant.now());
        InetSocketAddress forger =
                listening(snapshot(other, other.issue(serverRequest("m"), RANDOM, Instant.now())), this::honest);

        assertThat(nothing(ask(forger))).contains("unknown authority");
        assertThat(order(forger).kind()).isEqualTo(OrderAnswer.Kind.SILENT);
        assertThat(called).isEmpty();
    }

    @Test
    void believesNoCertificateThatIsAnotherNodesAndSendsItNothing() {
        InetSocketAddress other = listening(snapshot(authority, server("n")), this::honest);

        assertThat(nothing(ask(other))).contains("another node's").contains("n.node.dc1");
        assertThat(order(other).kind()).isEqualTo(OrderAnswer.Kind.SILENT);
        assertThat(called).isEmpty();
    }

    @Test
    void sendsNothingOverPlaintext() {
        InetSocketAddress plain = listening(TlsSnapshot.none(), this::honest);

        UpshiftCarrier.Heard heard = ask(plain);
        assertThat(nothing(heard)).contains("not reached by TLS");
        assertThat(((UpshiftCarrier.Heard.Nothing) heard).refusesTls()).isTrue();
        assertThat(order(plain).kind()).isEqualTo(OrderAnswer.Kind.SILENT);
        assertThat(called).isEmpty();
    }

    @Test
    void raisesAnAlarmWhereAClientActsAsAServer() {
        IssuedCertificate client = authority.issue(CertificateRequest.client("dc1", "consul"), RANDOM, Instant.now());
        InetSocketAddress thief = listening(snapshot(authority, client), this::honest);

        assertThat(nothing(ask(thief))).contains("not server.dc1.consul");
        assertThat(alarms).hasSize(1);
        assertThat(called).isEmpty();
    }

    @Test
    void takesNoAnswerToAnotherQuestion() {
        InetSocketAddress replaying =
                listening(snapshot(authority, server("m")), (call, question) -> answer(call, 7, "m"));

        assertThat(nothing(ask(replaying))).contains("another question");
        assertThat(order(replaying)).isEqualTo(OrderAnswer.silent("answered another order than this one"));
    }

    @Test
    void takesNoAnswerInTheNameOfAnother() {
        InetSocketAddress liar =
                listening(snapshot(authority, server("m")), (call, question) -> answer(call, question, "x"));

        assertThat(nothing(ask(liar))).contains("answered as another member");
    }

    @Test
    void takesNoNonsenseForAnAnswer() {
        InetSocketAddress odd = listening(
                snapshot(authority, server("m")), (call, question) -> new RpcAnswer.Reply(Octets.hex("a3666f6f")));

        assertThat(nothing(ask(odd))).contains("what is no report");
        assertThat(order(odd).kind()).isEqualTo(OrderAnswer.Kind.SILENT);
    }

    @Test
    void dialsNobodyWithoutACertificateOfItsOwn() {
        InetSocketAddress member = listening(snapshot(authority, server("m")), this::honest);
        own = TlsSnapshot.none();

        assertThat(nothing(ask(member))).contains("this node has no certificate");
        assertThat(called).isEmpty();
    }

    private RpcAnswer honest(IncomingCall call, long question) {
        return answer(call, question, "m");
    }

    private static RpcAnswer answer(IncomingCall call, long question, String name) {
        if (call.method().equals(LinkCarrier.ORDER)) {
            return new RpcAnswer.Reply(OrderCodec.encode(question, OrderAnswer.taken()));
        }
        TlsReport tls =
                new TlsReport(true, true, true, true, Optional.empty(), Optional.empty(), "ab", Optional.empty());
        MemberReport report = new MemberReport(
                new UpshiftReport(name, Optional.empty(), tls, List.of(), Instant.EPOCH),
                Map.of(),
                List.of(),
                Map.of());
        return new RpcAnswer.Reply(ReportCodec.encode(new ReportCodec.Answer(question, report)));
    }

    private InetSocketAddress listening(TlsSnapshot tls, BiFunction<IncomingCall, Long, RpcAnswer> answers) {
        Endpoints endpoints = Endpoints.none();
        for (String method : List.of(LinkCarrier.REPORT, LinkCarrier.ORDER)) {
            endpoints = endpoints.with(method, PeerRole.UNPROVEN, call -> {
                called.add(method);
                long question = method.equals(LinkCarrier.ORDER)
                        ? OrderCodec.decode(call.body()).orElseThrow().question()
                        : ReportCodec.question(call.body()).orElseThrow();
                return CompletableFuture.completedFuture(answers.apply(call, question));
            });
        }
        Endpoints served = endpoints;
        return await(RpcListener.bind(
                        KIT.system(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        LinkSettings.defaults(),
                        () -> tls,
                        () -> served,
                        new LinkCounters()))
                .address();
    }

    private LinkCarrier carrier() {
        Dialer dialer = Dialer.create(KIT.system(), LinkSettings.defaults(), () -> own, new LinkCounters());
        return new LinkCarrier(
                dialer::dialTls,
                () -> own.generation(),
                questions::incrementAndGet,
                (refused, peer) -> alarms.add(refused.text()));
    }

    private UpshiftCarrier.Heard ask(InetSocketAddress at) {
        return await(carrier().ask(place(at)));
    }

    private OrderAnswer order(InetSocketAddress at) {
        GossipKey key = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
        UpshiftRecord record = UpshiftRecord.fresh("1", UpshiftKind.GOSSIP, "driver", key.id(), false, Instant.EPOCH);
        return await(carrier().order(place(at), new UpshiftOrder(record, UpshiftStage.READY, Optional.of(key), "")));
    }

    private static UpshiftCarrier.Place place(InetSocketAddress at) {
        return new UpshiftCarrier.Place("m", at, PeerRole.SERVER, "dc1");
    }

    private static String nothing(UpshiftCarrier.Heard heard) {
        assertThat(heard).isInstanceOf(UpshiftCarrier.Heard.Nothing.class);
        return ((UpshiftCarrier.Heard.Nothing) heard).why();
    }

    private IssuedCertificate server(String node) {
        return authority.issue(serverRequest(node), RANDOM, Instant.now());
    }

    private static CertificateRequest serverRequest(String node) {
        return CertificateRequest.server("dc1", "consul").with(List.of(node + ".node.dc1.consul"), List.of());
    }

    private static TlsSnapshot snapshot(CertificateAuthority trusted, IssuedCertificate own) {
        try {
            return TlsSnapshot.create(
                    TlsSettings.builder(TlsSettings.Dialect.SOTTO)
                            .authorities(List.of(trusted.source()))
                            .certificate(own.certificateSource())
                            .key(own.keySource())
                            .build(),
                    1,
                    InstantSource.system());
        } catch (InvalidTlsException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
