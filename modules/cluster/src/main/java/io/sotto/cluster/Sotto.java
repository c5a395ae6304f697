package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolChange;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.Reconfigured;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRefused;
import io.sotto.rpc.tls.TlsFeed;
import io.sotto.rpc.tls.TlsFiles;
import io.sotto.rpc.tls.TlsOutcome;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.Tags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * sotto inside an actor system: this node, a member of one gossip pool per network: the LAN pool of its datacenter and, where
 * {@code wan.enabled} says so, the WAN pool of the servers of all datacenters.
 *
 * <pre>{@code
 * Sotto sotto = Sotto.get(system);          // reads "sotto { … }" and starts
 * sotto.lan().join(List.of("10.0.0.1"));
 * sotto.lan().members();
 * }</pre>
 *
 * <p>Creating it never blocks and never throws for a fault of the network: see {@link Pool#started}. It throws
 * {@link com.typesafe.config.ConfigException} for settings that cannot be. The node leaves its pools when the system shuts
 * down (coordinated shutdown, {@code sotto.leave-on-shutdown}).
 *
 * <p>Over 400 lines: the whole of what an application calls, each with what it promises.
 */
public final class Sotto implements Extension {
    private static final Reloaded NOTHING_YET = new Reloaded.Applied(List.of(), List.of(), List.of());

    private static final Logger LOG = LoggerFactory.getLogger(Sotto.class);

    private static final String DISPATCHER = "sotto.default-dispatcher";

    /** Numbers the pools of one JVM, since actor names are unique in a system. */
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final ActorSystem<?> system;
    private final RunningPool lan;
    private final Optional<RunningPool> wan;
    private final TlsFeed tls;
    private final InstantSource wall;
    private final RunningRpc rpc;
    private InForce inForce;
    private CompletionStage<Reloaded> lastReload = CompletableFuture.completedFuture(NOTHING_YET);

    /**
     * What the node runs with.
     *
     * @param key as the settings gave it, whether or not the ring has changed since
     * @param live what a reload takes up
     * @param started everything else, as it was at the start: paths, and values in some form to compare
     */
    private record InForce(Optional<GossipKey> key, LiveSettings live, Map<String, String> started) {}

    private Sotto(ActorSystem<?> system, SottoSettings settings, Config section) {
        this.system = system;
        LiveSettings live = live(settings, section);
        this.inForce = new InForce(settings.lan().keys().key(), live, rest(section, live));
        PoolEnvironment environment = PoolEnvironment.system(settings.network());
        // Before anything is started: certificates that cannot be used are faults of the settings.
        this.wall = environment.time()::wall;
        this.tls = loaded(settings.tls());
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
                        new NodeEnvironment(environment.time()::nanos, environment.randoms())),
                dispatcher);
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
        Config fallback = system.settings().config().getConfig("sotto");
        Config whole = section.withFallback(fallback);
        return new Sotto(system, SottoSettings.of(whole), whole);
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
    public synchronized CompletionStage<Reloaded> reload(Config section) {
        Config whole = section.withFallback(
                ConfigFactory.defaultReference(Sotto.class.getClassLoader()).getConfig("sotto"));
        lastReload = lastReload.thenComposeAsync(
                before -> reloadNow(whole), system.dispatchers().lookup(DispatcherSelector.blocking()));
        return lastReload;
    }

    private CompletionStage<Reloaded> reloadNow(Config whole) {
        SottoSettings next;
        try {
            next = SottoSettings.of(whole);
            // All of it is tried before any of it changes something.
            TlsFeed tried = loaded(next.tls());
            if (tls.get().selfCheck().isEmpty()) {
                for (PeerRefused fault : tried.get().selfCheck()) {
                    throw bad("peers would refuse the new certificate: " + fault.explain());
                }
            }
        } catch (ConfigException e) {
            return CompletableFuture.completedFuture(new Reloaded.Refused(String.valueOf(e.getMessage())));
        }
        InForce before = inForce();
        Optional<GossipKey> key = next.lan().keys().key();
        // A key that a rotation has replaced meanwhile may well stand in the settings still, as it does at a start.
        boolean isSameKey = key.equals(before.key);
        if (!isSameKey
                && key.isPresent()
                && wan.map(pool -> lacks(pool.ring(), key.get())).orElse(false)) {
            return CompletableFuture.completedFuture(new Reloaded.Refused(
                    "the WAN pool holds other keys than the new one of encrypt: install it first"));
        }
        return reconfigure(next, isSameKey)
                .thenComposeAsync(
                        outcome -> outcome instanceof Reconfigured.Applied applied
                                ? reloadTls(applied, before, whole, next)
                                : CompletableFuture.completedFuture(
                                        new Reloaded.Refused(((Reconfigured.Refused) outcome).reason())),
                        system.executionContext())
                .exceptionally(failure -> new Reloaded.Refused("the node does not answer: " + failure.getMessage()));
    }

    private static boolean lacks(Keyring ring, GossipKey key) {
        return !ring.isEmpty() && !ring.keys().contains(key);
    }

    /** The LAN pool, and if it took it, the WAN pool. */
    private CompletionStage<Reconfigured> reconfigure(SottoSettings next, boolean isSameKey) {
        PoolChange change = PoolChange.to(next.lan());
        CompletionStage<Reconfigured> inLan = lan.reconfigure(isSameKey ? change.withoutKey() : change);
        if (wan.isEmpty() || next.wan().isEmpty()) {
            return inLan;
        }
        PoolChange further = PoolChange.to(next.wan().get().pool());
        return inLan.thenComposeAsync(
                outcome -> outcome instanceof Reconfigured.Applied applied
                        ? wan.get()
                                .reconfigure(isSameKey ? further.withoutKey() : further)
                                .thenApply(other -> other instanceof Reconfigured.Refused refused
                                        ? new Reconfigured.Refused(
                                                "only the LAN pool took it, the WAN pool did not: " + refused.reason())
                                        : applied)
                        : CompletableFuture.completedFuture(outcome),
                system.executionContext());
    }

    /** After the pool, since it refuses what only it can know. */
    private CompletionStage<Reloaded> reloadTls(
            Reconfigured.Applied applied, InForce before, Config whole, SottoSettings next) {
        return rpc.reload(next.tls())
                .thenApplyAsync(outcome -> applied(applied, outcome, before, whole, next), system.executionContext());
    }

    private Reloaded applied(
            Reconfigured.Applied applied, TlsOutcome outcome, InForce before, Config whole, SottoSettings next) {
        if (outcome instanceof TlsOutcome.Kept kept) {
            // The files changed between the trial and now.
            return new Reloaded.Refused("everything but tls is in force: " + String.join("; ", kept.faults()));
        }
        Optional<GossipKey> key = next.lan().keys().key();
        LiveSettings live = live(next, whole);
        inForce(new InForce(key, live, before.started));
        List<String> changed = new ArrayList<>(before.live.changedIn(live));
        if (before.live.limitsDiffer(live)) {
            rpc.limit(next.rpc().pool().limit());
        }
        List<String> remarks = new ArrayList<>();
        if (outcome instanceof TlsOutcome.Swapped swapped) {
            if (!before.live.tlsDiffers(live)) {
                changed.add("tls: the files were read anew");
            }
            remarks.addAll(swapped.warnings());
        }
        if (applied.tookKey() && key.isPresent()) {
            changed.add(0, "encrypt: key " + key.get().id() + " is the primary of the keyring");
        } else if (key.isEmpty() && before.key.isPresent()) {
            remarks.add("encrypt is no longer set: the keyring stays as it is");
        } else if (!key.equals(before.key)) {
            remarks.add("encrypt is a key that the keyring holds already");
        }
        Map<String, String> rest = rest(whole, live);
        Set<String> paths = new TreeSet<>(rest.keySet());
        paths.addAll(before.started.keySet());
        paths.removeIf(path -> rest.getOrDefault(path, "").equals(before.started.getOrDefault(path, "")));
        return new Reloaded.Applied(changed, List.copyOf(paths), remarks);
    }

    private TlsFeed loaded(TlsFiles files) {
        try {
            return TlsFeed.load(files, wall);
        } catch (InvalidTlsException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static ConfigException bad(String reason) {
        return new ConfigException.BadValue("tls", reason);
    }

    private synchronized InForce inForce() {
        return inForce;
    }

    private synchronized void inForce(InForce next) {
        inForce = next;
    }

    private static Map<String, String> rest(Config section, LiveSettings live) {
        Map<String, String> rest = new TreeMap<>();
        section.entrySet().forEach(entry -> {
            if (!live.has(entry.getKey())) {
                rest.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
            }
        });
        return rest;
    }

    private static LiveSettings live(SottoSettings settings, Config section) {
        return LiveSettings.of(
                PoolChange.to(settings.lan()),
                settings.wan().map(pool -> PoolChange.to(pool.pool()).swim()),
                section);
    }

    /** The pool of this node's datacenter. */
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
