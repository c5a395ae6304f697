package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.enrolment.EnrolledFiles;
import io.sotto.cluster.enrolment.EnrolmentSettings;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.rpc.tls.TlsFeed;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Tags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * sotto inside an actor system: this node, a member of one gossip pool per network: the LAN pool of its datacenter and, where
 * {@code wan.enabled} says so, the WAN pool of the servers of all datacenters.
 *
 * <pre>{@code
 * Sotto sotto = Sotto.get(system);          // reads "sotto { … }" and starts
 * sotto.join(List.of("10.0.0.1"));
 * sotto.members();
 * }</pre>
 *
 * <p>Most applications have to do with the LAN pool alone, whose usual questions are answered here; {@link #lan} and {@link #wan}
 * have the rest. All methods may be called from any thread and none blocks.
 *
 * <p>Creating it never blocks and never throws for a fault of the network: see {@link Pool#started}. It throws
 * {@link com.typesafe.config.ConfigException} for settings that cannot be. The node leaves its pools when the system shuts
 * down (coordinated shutdown, {@code sotto.leave-on-shutdown}).
 *
 * <p>Over 400 lines: the whole of what an application calls, each with what it promises.
 */
public final class Sotto implements Extension {
    private static final Logger LOG = LoggerFactory.getLogger(Sotto.class);

    private static final String DISPATCHER = "sotto.default-dispatcher";

    private static final String UPSHIFT_QUIET = "upshift.quiet";
    private static final Duration UPSHIFT_QUIET_MIN = Duration.ofSeconds(1);

    /** Numbers the pools of one JVM, since actor names are unique in a system. */
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final ActorSystem<?> system;
    private final RunningPool lan;
    private final Optional<RunningPool> wan;
    private final TlsFeed tls;
    private final RunningRpc rpc;
    private final Reloads reloads;
    private final RunningEnrolment enrolment;
    private final RunningUpshifts upshifts;

    /**
     * A node with these settings.
     *
     * @param section what they were read from
     * @param said the same without what this node wrote itself
     * @param laid what of that is laid over them
     */
    private Sotto(
            ActorSystem<?> system,
            SottoSettings settings,
            Config section,
            Config said,
            LaidSettings laid,
            UpshiftRules rules) {
        this.system = system;
        PoolEnvironment environment = PoolEnvironment.system(settings.network());
        // Before anything is started: certificates that cannot be used are faults of the settings.
        InstantSource wall = environment.time()::wall;
        this.tls = Reloads.loaded(settings.tls(), wall);
        settings.wan().ifPresent(pool -> mustHaveRing(settings.lan(), pool.pool()));
        String name = "sotto-" + POOLS.incrementAndGet();
        DispatcherSelector dispatcher = DispatcherSelector.fromConfig(DISPATCHER);
        List<LiveTags> tags = new ArrayList<>();
        this.lan = pool(settings.lan(), environment, name, tags);
        this.wan = settings.wan().map(pool -> pool(pool.pool(), environment, name, tags));
        this.rpc = new RunningRpc(
                system,
                lan,
                wan,
                new RunningRpc.Parts(
                        name,
                        settings.datacenter(),
                        settings.lan().bind().getAddress(),
                        settings.isServer(),
                        settings.rpc(),
                        settings.tls(),
                        tls,
                        settings.watch(),
                        tags,
                        NodeEnvironment.machine(system, environment.time()::nanos, environment.randoms(), dispatcher)));
        this.reloads = new Reloads(system, lan, wan, tls, wall, rpc, settings, section, said, laid);
        this.enrolment = new RunningEnrolment(
                EnrolmentSettings.from(section),
                new Unanswered(system),
                lan.self().name(),
                rpc,
                system.dispatchers().lookup(DispatcherSelector.blocking()),
                wall::instant,
                environment.time()::nanos,
                PoolEnvironment.secrets(),
                reloads::again);
        this.upshifts = new RunningUpshifts(
                system,
                new RunningUpshifts.Parts(
                        name,
                        settings.datacenter(),
                        lan.started(),
                        new PoolRoll(lan, wan, settings.datacenter()),
                        rpc,
                        rpc::dialTls,
                        new LocalFooting(lan, wan, rpc, reloads),
                        LaidSettings.directory(section),
                        TokenHashes.of(section),
                        new OutsideView(lan, rpc::tryTls, settings.datacenter()),
                        wall,
                        environment.entropy(),
                        rules,
                        new RunningUpshifts.Actors() {
                            @Override
                            public <T> ActorRef<T> start(Behavior<T> behavior, String own) {
                                return system.systemActorOf(behavior, own, DispatcherSelector.blocking());
                            }
                        },
                        () -> SecondTry.Faults.NONE),
                rpc::refused);
        Stream.concat(Stream.of(lan), wan.stream()).forEach(pool -> pool.state().rotateIf(upshifts::rotationHindrance));
        wan.ifPresent(pool -> {
            Duration interval = settings.wan().orElseThrow().floodInterval();
            federate(pool, settings, interval, name, tags.get(0));
        });
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), name + "-rpc-unbind", rpc::unbind);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), name + "-rpc-stop", rpc::stop);
        if (settings.leaveOnShutdown()) {
            leaveWith(shutdown);
        }
    }

    private RunningPool pool(PoolSettings settings, PoolEnvironment environment, String name, List<LiveTags> tags) {
        PoolState state = PoolState.create(settings, environment.time());
        ActorRef<GossipPool.Command> guardian = system.systemActorOf(
                GossipPool.create(settings, environment, state),
                name + "-" + settings.name(),
                DispatcherSelector.fromConfig(DISPATCHER));
        tags.add(new LiveTags(Tags.decode(settings.meta()), meta -> guardian.tell(new GossipPool.UpdateMeta(meta))));
        return new RunningPool(system, settings.name(), guardian, state);
    }

    /** A pool that begins without keys beside one that has some would send what that one seals in plaintext. */
    private static void mustHaveRing(PoolSettings lan, PoolSettings wan) {
        Optional<Path> there = lan.keys().file().filter(Files::exists);
        Optional<Path> here = wan.keys().file().filter(ring -> !Files.exists(ring));
        if (there.isPresent() && here.isPresent() && wan.keys().key().isEmpty()) {
            throw new ConfigException.BadValue(
                    "encrypt",
                    "the LAN pool has a keyring and the WAN pool has none: copy " + there.get() + " to " + here.get()
                            + ", or set encrypt, or ports.serf-wan = -1");
        }
    }

    /** What the members of a WAN pool do for it besides gossip. */
    private void federate(RunningPool pool, SottoSettings settings, Duration interval, String name, LiveTags lanTags) {
        DispatcherSelector dispatcher = DispatcherSelector.fromConfig(DISPATCHER);
        if (settings.isServer()) {
            system.systemActorOf(
                    FloodJoin.create(lan, pool, settings.datacenter(), interval), name + "-flood-join", dispatcher);
            system.systemActorOf(FirstContact.create(pool, settings.datacenter()), name + "-first-contact", dispatcher);
        }
        pool.started()
                .thenCombineAsync(
                        lan.started(),
                        (self, none) -> {
                            if (settings.isServer()) {
                                lanTags.set(Map.of(
                                        WanSettings.JOIN_PORT_TAG,
                                        Integer.toString(self.address().port())));
                            }
                            keyMismatch()
                                    .ifPresent(difference -> LOG.warn(
                                            "LAN and WAN keyrings differ: {}; one key has to serve both: install, use and remove keys"
                                                    + " with the verb keyring, which acts on both",
                                            difference));
                            return Done.getInstance();
                        },
                        system.executionContext())
                .exceptionally(failed -> Done.getInstance());
    }

    /** Leaves before services that depend on the pool are gone, and never holds the shutdown up for longer than its phase. */
    private void leaveWith(CoordinatedShutdown shutdown) {
        String phase = CoordinatedShutdown.PhaseBeforeClusterShutdown();
        Duration bound = Duration.ofMillis(shutdown.timeout(phase).toMillis())
                .multipliedBy(9)
                .dividedBy(10);
        shutdown.addTask(
                phase,
                "sotto-leave",
                () -> leave().toCompletableFuture()
                        .completeOnTimeout(Done.getInstance(), bound.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The instance of this system, configured under {@code sotto}; the first call starts it. */
    public static Sotto get(ActorSystem<?> system) {
        return system.registerExtension(Id.INSTANCE);
    }

    /** A further instance, configured under {@code path} with {@code sotto} as fallback. */
    public static Sotto create(ActorSystem<?> system, String path) {
        return create(system, system.settings().config().getConfig(path));
    }

    /** A further instance from settings made in code: a {@code sotto} section, with the system's own as fallback. */
    public static Sotto create(ActorSystem<?> system, Config section) {
        return create(system, section, upshiftRules(withFallback(system, section)));
    }

    /** The same with other times for upshifts. */
    static Sotto create(ActorSystem<?> system, Config section, UpshiftRules rules) {
        Config whole = withFallback(system, section);
        LaidSettings laid = LaidSettings.load(whole);
        Config enrolled = EnrolledFiles.under(laid.over(whole));
        return new Sotto(system, SottoSettings.of(enrolled), enrolled, whole, laid, rules);
    }

    private static Config withFallback(ActorSystem<?> system, Config section) {
        return section.withFallback(system.settings().config().getConfig("sotto"));
    }

    private static UpshiftRules upshiftRules(Config whole) {
        Duration quiet = whole.getDuration(UPSHIFT_QUIET);
        if (quiet.compareTo(UPSHIFT_QUIET_MIN) < 0) {
            throw new ConfigException.BadValue(
                    whole.getValue(UPSHIFT_QUIET).origin(), UPSHIFT_QUIET, "is at least 1 s");
        }
        return UpshiftRules.defaults().quietFor(quiet);
    }

    /** Settings made in code, for a further instance. */
    public static SottoBuilder builder(ActorSystem<?> system) {
        return SottoBuilder.of(system);
    }

    /**
     * Takes up settings that changed while the node runs: the key, both verify flags, the labels, the timing under
     * {@code gossip-lan} and {@code gossip.lifeguard}, everything under {@code tls} with the files that it names, and the rate of
     * calls, all at once or none of them. A ring without keys takes the key as its primary; a key that is on the ring changes
     * nothing of it; any other is refused, since others would not know it. What differs besides is named and needs a restart.
     * What has begun, such as a probe or a suspicion, ends under the timing that it began with. Connections under other TLS
     * settings are replaced by new ones within {@code rpc.drain-timeout}, and the calls on them end where they began.
     *
     * <p>Reloads are carried out one after another, in the order of the calls. Never fails: faults in the settings, a key
     * that cannot be had, a certificate that cannot be used and a keyring file that cannot be written come back as
     * {@link Reloaded.Refused}.
     *
     * @param section a whole {@code sotto} section, such as that of {@code ConfigFactory.load()}; what it leaves out has its
     *     default
     */
    public CompletionStage<Reloaded> reload(Config section) {
        return reloads.reload(section);
    }

    /** Completes with this node once its LAN pool runs, or fails with why it cannot: {@link Pool#started}. */
    public CompletionStage<Member> started() {
        return lan.started();
    }

    /** This node, as the LAN pool lists it. */
    public Member self() {
        return lan.self();
    }

    /** All members of the LAN pool that are listed, sorted by name: {@link Pool#members}. */
    public List<Member> members() {
        return lan.members();
    }

    /** The member of that name in the LAN pool. */
    public Optional<Member> member(String name) {
        return lan.member(name);
    }

    /** Exchanges views with every one of these addresses: {@link Pool#join}. */
    public CompletionStage<JoinOutcome> join(List<String> addresses) {
        return lan.join(addresses);
    }

    /** Sends the present view of the LAN pool, then each change, until the actor stops: {@link Pool#subscribe}. */
    public void subscribe(ActorRef<MemberEvent> subscriber) {
        lan.subscribe(subscriber);
    }

    /** The present view of the LAN pool, then each change: {@link Pool#memberEvents}. */
    public Source<MemberEvent, NotUsed> memberEvents() {
        return lan.memberEvents();
    }

    /** Tells all members of the LAN pool, this one included, each event of this name: {@link Pool#broadcast}. */
    public CompletionStage<EventOutcome> broadcast(String event, Octets payload) {
        return lan.broadcast(event, payload, false);
    }

    /** What members of the LAN pool broadcast from now on: {@link Pool#userEvents}. */
    public Source<UserEvent, NotUsed> userEvents() {
        return lan.userEvents();
    }

    /** Asks members of the LAN pool: {@link Pool#query}. */
    public Source<QueryProgress, NotUsed> query(Query query) {
        return lan.query(query);
    }

    /** Sends what members of the LAN pool ask, from now on until the actor stops: {@link Pool#answerQueries}. */
    public void answerQueries(ActorRef<AskedQuery> responder) {
        lan.answerQueries(responder);
    }

    /** The keys of this node in the LAN pool. */
    public PoolKeyring keyring() {
        return lan.keyring();
    }

    /** The keys of all members of the LAN pool. */
    public ClusterKeyring clusterKeyring() {
        return lan.clusterKeyring();
    }

    /** Every figure of this node by name, for monitoring systems: that of its pools, its calls and its certificates. */
    public NodeMetrics metrics() {
        return new RunningMetrics(system, lan, wan, rpc, enrolment, upshifts);
    }

    /** How secure this node is now, by what it knows itself: nobody is asked. */
    public Posture posture() {
        return PostureView.of(lan.state(), wan.map(RunningPool::state), tls.get());
    }

    /** The whole of the LAN pool, that of this node's datacenter. */
    public Pool lan() {
        return lan;
    }

    /** The pool of the servers of all datacenters; empty where {@code wan.enabled} is off. */
    public Optional<Pool> wan() {
        return wan.map(pool -> pool);
    }

    /**
     * In what the keyrings of the two pools differ, by the ids of keys; empty if they do not, and where there is no WAN pool.
     * While an operation on keys is under way they may differ for a moment.
     */
    public Optional<String> keyMismatch() {
        return wan.flatMap(pool -> RingAgreement.difference(lan.ring(), pool.ring()));
    }

    /** Calls to other members and to servers, and what this node answers. */
    public Rpc rpc() {
        return rpc;
    }

    /** Takes the whole pool from plaintext to enforced encryption, or its calls to verified TLS. */
    public Upshifts upshift() {
        return upshifts;
    }

    /** First certificates for members, by one-time tokens. */
    public Enrolment enrolment() {
        return enrolment;
    }

    /** Leaves all pools; the instance answers reads afterwards, but is a member of nothing. */
    public CompletionStage<Done> leave() {
        CompletionStage<Done> left = lan.leave();
        return wan.map(pool -> pool.leave().thenCombine(left, (there, here) -> Done.getInstance()))
                .orElse(left);
    }

    /** The extension's identity, for {@code pekko.actor.typed.extensions}. */
    public static final class Id extends ExtensionId<Sotto> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        /** Called by Pekko, which loads extensions by this name. */
        public static Id getInstance() {
            return INSTANCE;
        }

        @Override
        public Sotto createExtension(ActorSystem<?> system) {
            return create(system, ConfigFactory.empty());
        }
    }
}
