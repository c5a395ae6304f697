package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.upshift.UpshiftAuthority;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerRole;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.pki.enrolment.TokenSecret;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever has become of a node, each call on it returns, and what it returns comes to an end. */
class NothingIsThrownTest {
    private static final GossipKey KEY = GossipKey.of(new byte[16]);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final RpcMethod<String, String> GREET =
            RpcMethod.of("Test.Greet", RpcCodecs.text(), RpcCodecs.text());

    /** Streams that tell what happens from now on have no end while the actor system runs. */
    private static final Set<String> WITHOUT_END = Set.of("memberEvents", "userEvents");

    /** Of the door itself, what makes a node, and views that are asked here one by one. */
    private static final Set<String> WAYS = Set.of(
            "get",
            "create",
            "builder",
            "lan",
            "wan",
            "rpc",
            "over",
            "keyring",
            "clusterKeyring",
            "upshift",
            "enrolment");

    private final ActorTestKit kit = ActorTestKit.create("outlived", ConfigFactory.load());
    private final ActorTestKit alive = ActorTestKit.create("alive", ConfigFactory.load());
    private ActorRef<Object> somebody;

    @BeforeEach
    void setUp() {
        somebody = alive.<Object>createTestProbe().ref();
    }

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
        alive.shutdownTestKit();
    }

    @Test
    void everyQuestionIsAskedHere() {
        List<String> asked = questions(Sotto.create(kit.system(), section("a"))).keySet().stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();

        assertThat(Stream.of(
                                Sotto.class,
                                Pool.class,
                                Rpc.class,
                                PoolKeyring.class,
                                ClusterKeyring.class,
                                Upshifts.class,
                                Enrolment.class)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !WAYS.contains(name)))
                .isSubsetOf(asked);
    }

    @Test
    void aPoolThatFailedToStartAnswers() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Sotto sotto = Sotto.create(
                    kit.system(),
                    ConfigFactory.parseString("ports.serf-lan = " + taken.getLocalPort())
                            .withFallback(section("a")));
            assertThat(ends(sotto.started())).startsWith("failed");

            askAll(sotto, WITHOUT_END);
        }
    }

    @Test
    void aPoolThatHasLeftAnswers() {
        Sotto sotto = Sotto.create(kit.system(), section("a"));
        sotto.started().toCompletableFuture().join();
        sotto.leave().toCompletableFuture().join();

        askAll(sotto, WITHOUT_END);
    }

    @Test
    void aNodeWhoseActorSystemHasStoppedAnswers() {
        Sotto sotto = Sotto.create(kit.system(), section("a"));
        sotto.started().toCompletableFuture().join();
        kit.shutdownTestKit();

        askAll(sotto, Set.of());
    }

    @Test
    void whatIsUnderWayEndsWithTheActorSystem() {
        Sotto sotto = Sotto.create(kit.system(), section("a"));
        sotto.started().toCompletableFuture().join();
        CompletableFuture<Done> events =
                sotto.memberEvents().runWith(Sink.ignore(), alive.system()).toCompletableFuture();
        CompletableFuture<Done> question = sotto.query(Query.named("load").within(Duration.ofMinutes(9)))
                .runWith(Sink.ignore(), alive.system())
                .toCompletableFuture();
        CompletableFuture<?> join = sotto.join(List.of("192.0.2.1:7946")).toCompletableFuture();
        CompletableFuture<?> call = sotto.rpc().call(Callee.member("nobody"), GREET, "", Duration.ofMinutes(9));

        kit.shutdownTestKit();

        for (CompletableFuture<?> each : List.of(events, question, join, call)) {
            assertThat(ends(each)).isNotEmpty();
        }
    }

    @Test
    void aCallToAMemberThatIsThereEndsThoughThisNodeHasStopped() {
        Sotto callee = Sotto.create(
                alive.system(),
                ConfigFactory.parseString("rpc { enabled = true, port = 0 }").withFallback(section("b")));
        callee.rpc().serve(GREET, PeerRole.UNPROVEN, (name, context) -> CompletableFuture.completedFuture(name));
        callee.rpc().started().toCompletableFuture().join();
        Sotto caller = Sotto.create(kit.system(), section("a"));
        caller.join(List.of(callee.self().address().toString()))
                .toCompletableFuture()
                .join();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> caller.rpc()
                        .call(Callee.member("b"), GREET, "Ada", SHORT)
                        .join()
                        .answer()
                        .isPresent());
        kit.shutdownTestKit();

        assertThat(ends(caller.rpc().call(Callee.member("b"), GREET, "Ada", SHORT.multipliedBy(4))))
                .startsWith("ended");
        assertThat(ends(caller.rpc().stream(Callee.member("b"), GREET, "Ada", SHORT)
                        .runWith(Sink.ignore(), alive.system())))
                .startsWith("failed");
    }

    private void askAll(Sotto sotto, Set<String> withoutEnd) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        List<String> names = new ArrayList<>();
        questions(sotto).forEach((name, question) -> {
            Object answer = question.get();
            if (answer instanceof CompletionStage<?> stage) {
                names.add(name);
                ends.add(stage.toCompletableFuture());
            } else if (answer instanceof Source<?, ?> source
                    && !withoutEnd.contains(name.substring(name.lastIndexOf('.') + 1))) {
                names.add(name);
                ends.add(source.runWith(Sink.ignore(), alive.system()).toCompletableFuture());
            } else {
                assertThat(answer).as(name).isNotNull();
            }
        });
        for (int i = 0; i < ends.size(); i++) {
            assertThat(ends(ends.get(i))).as(names.get(i)).isNotEmpty();
        }
    }

    /** How it ended; it need not end well. */
    private static String ends(CompletionStage<?> stage) {
        try {
            return String.valueOf(stage.toCompletableFuture()
                    .handle((value, failure) -> failure == null ? "ended" : "failed: " + failure)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("it has no end", e);
        }
    }

    private Map<String, Supplier<Object>> questions(Sotto sotto) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("members", sotto::members);
        all.put("member", () -> sotto.member("a"));
        all.put("self", sotto::self);
        all.put("started", sotto::started);
        all.put("join", () -> sotto.join(List.of("127.0.0.1:1")));
        all.put("subscribe", done(() -> sotto.subscribe(somebody.unsafeUpcast())));
        all.put("memberEvents", sotto::memberEvents);
        all.put("userEvents", sotto::userEvents);
        all.put("broadcast", () -> sotto.broadcast("e", Octets.utf8("x")));
        all.put("query", () -> sotto.query(Query.named("load").within(SHORT)));
        all.put("answerQueries", done(() -> sotto.answerQueries(somebody.unsafeUpcast())));
        all.put("posture", sotto::posture);
        all.put("metrics", () -> sotto.metrics().read());
        all.put("keyMismatch", sotto::keyMismatch);
        all.put("reload", () -> sotto.reload(section("a")));
        pool("lan.", sotto.lan(), all);
        keys("keyring.", sotto.keyring(), all);
        keys("clusterKeyring.", sotto.clusterKeyring(), all);
        rpc("rpc.", sotto.rpc(), all);
        upshifts("upshift.", sotto.upshift(), all);
        all.put("enrolment.token", () -> sotto.enrolment().token("b", EnrolRole.CLIENT, Duration.ofHours(1)));
        all.put("enrolment.enrol", () -> sotto.enrolment().enrol(joinToken(), Optional.empty()));
        all.put("leave", sotto::leave);
        return all;
    }

    private void pool(String prefix, Pool pool, Map<String, Supplier<Object>> all) {
        all.put(prefix + "name", pool::name);
        all.put(prefix + "forceLeave", () -> pool.forceLeave("b", true));
        all.put(prefix + "userEvents", pool::userEvents);
        all.put(prefix + "subscribeToUserEvents", done(() -> pool.subscribeToUserEvents(somebody.unsafeUpcast())));
        all.put(prefix + "roundTrip", () -> pool.roundTrip("a", "b"));
        all.put(prefix + "coordinate", () -> pool.coordinate("a"));
        all.put(prefix + "stats", pool::stats);
        all.put(prefix + "metrics", pool::metrics);
        all.put(prefix + "suspicions", pool::suspicions);
        all.put(prefix + "evidence", pool::evidence);
        all.put(prefix + "upshift", pool::upshift);
        all.put(prefix + "reports", pool::reports);
        all.put(prefix + "plaintext", pool::plaintext);
    }

    private static void upshifts(String prefix, Upshifts upshifts, Map<String, Supplier<Object>> all) {
        Set<String> nobody = Set.of("nobody");
        all.put(prefix + "plan", () -> upshifts.plan(UpshiftKind.TLS));
        all.put(prefix + "status", () -> upshifts.status(UpshiftKind.GOSSIP));
        all.put(prefix + "last", () -> upshifts.last(UpshiftKind.GOSSIP));
        all.put(prefix + "next", () -> upshifts.next(UpshiftRequest.of(UpshiftKind.GOSSIP)));
        all.put(prefix + "run", () -> upshifts.run(UpshiftRequest.of(UpshiftKind.GOSSIP)));
        all.put(prefix + "without", () -> upshifts.without(UpshiftKind.GOSSIP, nobody, "a test", ""));
        all.put(prefix + "vouch", () -> upshifts.vouch(UpshiftKind.GOSSIP, nobody, UpshiftStage.READY, ""));
        all.put(prefix + "abort", () -> upshifts.abort(UpshiftKind.GOSSIP, ""));
        all.put(prefix + "authorise", done(() -> upshifts.authorise(UpshiftAuthority.none())));
        all.put(
                prefix + "look",
                done(() -> upshifts.look((kind, key, members) -> CompletableFuture.completedFuture(new TreeMap<>()))));
        all.put(prefix + "metrics", upshifts::metrics);
    }

    private static JoinToken joinToken() {
        return new JoinToken(
                "a", EnrolRole.CLIENT, "nobody", Instant.EPOCH, "00".repeat(32), TokenSecret.draw(new SecureRandom()));
    }

    private static void keys(String prefix, PoolKeyring keys, Map<String, Supplier<Object>> all) {
        all.put(prefix + "list", keys::list);
        all.put(prefix + "install", () -> keys.install(KEY));
        all.put(prefix + "use", () -> keys.use(KEY));
        all.put(prefix + "remove", () -> keys.remove(KEY));
    }

    private static void keys(String prefix, ClusterKeyring keys, Map<String, Supplier<Object>> all) {
        all.put(prefix + "list", () -> keys.list(0));
        all.put(prefix + "listLocal", keys::listLocal);
        all.put(prefix + "install", () -> keys.install(KEY, 0));
        all.put(prefix + "use", () -> keys.use(KEY, 0));
        all.put(prefix + "remove", () -> keys.remove(KEY, 0));
        all.put(prefix + "status", keys::status);
        all.put(prefix + "rotate", () -> keys.rotate(RotationMachine.Beginning.SETTLED));
        all.put(prefix + "rotation", keys::rotation);
        all.put(prefix + "abortRotation", keys::abortRotation);
        all.put(prefix + "rotateWithout", () -> keys.rotateWithout(Set.of("b")));
        all.put(prefix + "rotateWith", () -> {
            keys.rotateWith(new NobodyElse());
            return Done.getInstance();
        });
    }

    /** No rings beside the pool's. */
    private static final class NobodyElse implements OtherRings {
        @Override
        public Attendance members() {
            return Attendance.of(List.of(), List.of(), List.of());
        }

        @Override
        public CompletionStage<Told> ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
            return CompletableFuture.completedFuture(new Told(Map.of(), Map.of(), List.of()));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the suppliers give them back
    private static void rpc(String prefix, Rpc rpc, Map<String, Supplier<Object>> all) {
        Callee nobody = Callee.member("nobody");
        all.put(prefix + "started", rpc::started);
        all.put(prefix + "provesServers", rpc::provesServers);
        all.put(prefix + "to", () -> rpc.to(nobody).call(new RpcRequest("Test.Greet", Octets.utf8("x"), SHORT)));
        all.put(prefix + "call", () -> rpc.call(Callee.role("none"), GREET, "Ada", SHORT));
        all.put(prefix + "stream", () -> rpc.stream(nobody, GREET, "Ada", SHORT));
        all.put(
                prefix + "serve",
                done(() ->
                        rpc.serve(GREET, PeerRole.MEMBER, (name, context) -> CompletableFuture.completedFuture(name))));
        all.put(
                prefix + "serveStream",
                done(() -> rpc.serveStream(GREET, PeerRole.MEMBER, (name, context) -> Source.single(name))));
        all.put(prefix + "tls", rpc::tls);
        all.put(prefix + "metrics", rpc::metrics);
    }

    private static Supplier<Object> done(Runnable call) {
        Function<Runnable, Object> run = each -> {
            each.run();
            return Done.getInstance();
        };
        return () -> run.apply(call);
    }

    private static Config section(String name) {
        return ConfigFactory.parseString("node-name = " + name
                + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf, leave-on-shutdown = false");
    }
}
