package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.enrolment.EnrolledFiles;
import io.sotto.gossip.PoolChange;
import io.sotto.gossip.Reconfigured;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.files.FileFault;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRefused;
import io.sotto.rpc.tls.TlsFeed;
import io.sotto.rpc.tls.TlsFiles;
import io.sotto.rpc.tls.TlsOutcome;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.nio.file.Path;
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
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * What a node runs with, and what becomes of it when the settings are read again: one reload after another, each in force as a
 * whole or not at all. For any thread; see {@link Sotto#reload}.
 */
final class Reloads {
    static final String NOWHERE =
            "has no data-dir: a stage would not survive a restart, and with it this member's place in the pool";

    private static final Reloaded NOTHING_YET = new Reloaded.Applied(List.of(), List.of(), List.of());

    private final ActorSystem<?> system;
    private final RunningPool lan;
    private final Optional<RunningPool> wan;
    private final TlsFeed tls;
    private final InstantSource wall;
    private final RunningRpc rpc;
    private InForce inForce;
    /** What the operator says, and what upshifts have changed since. */
    private Config said;

    private LaidSettings laid;
    private CompletionStage<Reloaded> lastReload = CompletableFuture.completedFuture(NOTHING_YET);

    /**
     * What the node runs with.
     *
     * @param key as the settings gave it, whether or not the ring has changed since
     * @param live what a reload takes up
     * @param started everything else, as it was at the start: paths, and values in some form to compare
     */
    private record InForce(Optional<GossipKey> key, LiveSettings live, Map<String, String> started) {}

    /**
     * @param wall what certificates are judged by
     * @param settings those of the start
     * @param section the section that they were read from
     * @param said what the operator says, without what this node wrote itself
     * @param laid what upshifts have changed
     */
    Reloads(
            ActorSystem<?> system,
            RunningPool lan,
            Optional<RunningPool> wan,
            TlsFeed tls,
            InstantSource wall,
            RunningRpc rpc,
            SottoSettings settings,
            Config section,
            Config said,
            LaidSettings laid) {
        this.said = said;
        this.laid = laid;
        this.system = system;
        this.lan = lan;
        this.wan = wan;
        this.tls = tls;
        this.wall = wall;
        this.rpc = rpc;
        LiveSettings live = live(settings, section);
        this.inForce = new InForce(settings.lan().keys().key(), live, rest(section, live));
    }

    /** Reads the files of TLS; faults in them are faults of the settings. */
    static TlsFeed loaded(TlsFiles files, InstantSource wall) {
        try {
            return TlsFeed.load(files, wall);
        } catch (InvalidTlsException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    synchronized CompletionStage<Reloaded> reload(Config section) {
        Config whole = section.withFallback(
                ConfigFactory.defaultReference(Sotto.class.getClassLoader()).getConfig("sotto"));
        return then(() -> {
            LaidSettings before = laid();
            LaidSettings left = before.without(whole);
            return reloadNow(EnrolledFiles.under(left.over(whole)), Optional.empty())
                    .thenApply(outcome -> {
                        if (outcome instanceof Reloaded.Applied) {
                            said(whole);
                            if (!left.equals(before)) {
                                write(left);
                            }
                        }
                        return outcome;
                    });
        });
    }

    /**
     * Puts a stage of an upshift in force, after the reloads that were asked for before.
     *
     * @param keyId the key that leaves the rings with the stage {@code NONE} of gossip
     * @param key for rings that lack it; it becomes theirs
     * @return why it is not in force; empty once it is, and written down; never fails
     */
    synchronized CompletionStage<Optional<String>> take(
            UpshiftKind kind, UpshiftStage stage, String keyId, Optional<GossipKey> key) {
        return then(() -> takeNow(kind, stage, keyId, key))
                .thenApply(outcome ->
                        outcome instanceof Reloaded.Refused refused ? Optional.of(refused.reason()) : Optional.empty());
    }

    private synchronized CompletionStage<Reloaded> then(Supplier<CompletionStage<Reloaded>> next) {
        lastReload = lastReload
                .thenComposeAsync(before -> next.get(), system.dispatchers().lookup(DispatcherSelector.blocking()))
                .exceptionally(failure -> new Reloaded.Refused("the node does not run: " + failure.getMessage()));
        return lastReload;
    }

    /** Takes up the settings that were given last, with the files that are there by now. */
    synchronized CompletionStage<Reloaded> again() {
        return reload(said);
    }

    /**
     * On the way up what is to survive is written first: with a key and without the flags that go with it, a restart would cut this
     * node off. On the way to {@code NONE} the key goes first, for the same reason.
     */
    private CompletionStage<Reloaded> takeNow(
            UpshiftKind kind, UpshiftStage stage, String keyId, Optional<GossipKey> key) {
        Optional<Path> directory = LaidSettings.directory(said());
        if (directory.isEmpty()) {
            return CompletableFuture.completedFuture(new Reloaded.Refused(NOWHERE));
        }
        LaidSettings before = laid();
        LaidSettings next = before.at(kind, stage, said());
        List<Object> terms = terms();
        boolean isBare = kind == UpshiftKind.GOSSIP && stage == UpshiftStage.NONE;
        CompletionStage<Optional<String>> prepared =
                isBare ? abandon(keyId) : CompletableFuture.completedFuture(Optional.empty());
        return prepared.thenComposeAsync(
                fault -> {
                    Optional<String> written = fault.or(() -> write(next));
                    if (written.isPresent()) {
                        return CompletableFuture.completedFuture(new Reloaded.Refused(written.get()));
                    }
                    return reloadNow(EnrolledFiles.under(next.over(said())), isBare ? Optional.empty() : key)
                            .thenComposeAsync(
                                    outcome -> outcome instanceof Reloaded.Applied && !isBare
                                            ? key.map(given -> holding(given, outcome))
                                                    .orElseGet(() -> CompletableFuture.completedFuture(outcome))
                                            : CompletableFuture.completedFuture(outcome),
                                    blocking())
                            .thenApplyAsync(
                                    outcome -> {
                                        // What took effect in part is to be found so by the next life too.
                                        if (outcome instanceof Reloaded.Refused && terms().equals(terms)) {
                                            write(before);
                                        }
                                        return outcome;
                                    },
                                    blocking());
                },
                blocking());
    }

    /** What stages change, as it is in force. */
    private List<Object> terms() {
        List<Object> terms = new ArrayList<>();
        for (RunningPool pool : pools()) {
            WirePolicy policy = pool.state().policy();
            terms.addAll(List.of(policy.ring(), policy.verifyIncoming(), policy.verifyOutgoing()));
        }
        terms.add(tls.get().generation());
        return terms;
    }

    private Executor blocking() {
        return system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** All rings seal with this key, whatever they held before; nothing is sealed or refused yet. */
    private CompletionStage<Reloaded> holding(GossipKey key, Reloaded outcome) {
        CompletionStage<Optional<String>> all = CompletableFuture.completedFuture(Optional.empty());
        for (RunningPool pool : pools()) {
            if (!pool.ring().primary().equals(Optional.of(key))) {
                all = all.thenCompose(fault -> fault.isPresent()
                        ? CompletableFuture.completedFuture(fault)
                        : pool.keyring()
                                .install(key)
                                .thenCompose(installed -> installed instanceof KeyringOutcome.Done
                                        ? pool.keyring().use(key)
                                        : CompletableFuture.completedFuture(installed))
                                .thenApply(used -> fault(pool, used)));
            }
        }
        return all.thenApply(fault -> fault.<Reloaded>map(Reloaded.Refused::new).orElse(outcome));
    }

    private CompletionStage<Optional<String>> abandon(String keyId) {
        CompletionStage<Optional<String>> all = CompletableFuture.completedFuture(Optional.empty());
        for (RunningPool pool : pools()) {
            all = all.thenCompose(fault -> fault.isPresent()
                    ? CompletableFuture.completedFuture(fault)
                    : pool.abandon(keyId)
                            .thenApply(answer -> answer.fault().isEmpty()
                                    ? Optional.<String>empty()
                                    : Optional.of("the " + pool.name() + " pool: " + answer.fault())));
        }
        return all;
    }

    private static Optional<String> fault(RunningPool pool, KeyringOutcome outcome) {
        if (outcome instanceof KeyringOutcome.Refused refused) {
            return Optional.of("the " + pool.name() + " pool: " + refused.reason());
        }
        return outcome instanceof KeyringOutcome.NotWritten unwritten
                ? Optional.of("the " + pool.name() + " pool: " + unwritten.reason())
                : Optional.empty();
    }

    private List<RunningPool> pools() {
        return Stream.concat(Stream.of(lan), wan.stream()).toList();
    }

    private Optional<String> write(LaidSettings next) {
        try {
            Optional<Path> directory = LaidSettings.directory(said());
            if (directory.isPresent()) {
                next.store(directory.get());
            }
            laid(next);
            return Optional.empty();
        } catch (FileFault fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** @param given by an upshift, for rings that have none */
    private CompletionStage<Reloaded> reloadNow(Config whole, Optional<GossipKey> given) {
        SottoSettings next;
        try {
            next = SottoSettings.of(whole);
            // All of it is tried before any of it changes something.
            TlsFeed tried = loaded(next.tls(), wall);
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
        return reconfigure(next, isSameKey, given)
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
    private CompletionStage<Reconfigured> reconfigure(
            SottoSettings next, boolean isSameKey, Optional<GossipKey> given) {
        CompletionStage<Reconfigured> inLan = reconfigure(lan, PoolChange.to(next.lan()), isSameKey, given);
        if (wan.isEmpty() || next.wan().isEmpty()) {
            return inLan;
        }
        PoolChange further = PoolChange.to(next.wan().get().pool());
        return inLan.thenComposeAsync(
                outcome -> outcome instanceof Reconfigured.Applied applied
                        ? reconfigure(wan.get(), further, isSameKey, given)
                                .thenApply(other -> other instanceof Reconfigured.Refused refused
                                        ? new Reconfigured.Refused(
                                                "only the LAN pool took it, the WAN pool did not: " + refused.reason())
                                        : applied)
                        : CompletableFuture.completedFuture(outcome),
                system.executionContext());
    }

    private static CompletionStage<Reconfigured> reconfigure(
            RunningPool pool, PoolChange change, boolean isSameKey, Optional<GossipKey> given) {
        PoolChange without = isSameKey ? change.withoutKey() : change;
        return pool.reconfigure(given.isPresent() && pool.ring().isEmpty() ? change.withKey(given.get()) : without);
    }

    /** After the pool, since it refuses what only it can know. */
    private CompletionStage<Reloaded> reloadTls(
            Reconfigured.Applied applied, InForce before, Config whole, SottoSettings next) {
        return rpc.reload(next.tls())
                .thenComposeAsync(
                        outcome -> rpc.enable(next.rpc())
                                .handle((listens, failure) -> failure == null
                                        ? applied(applied, outcome, before, whole, next, listens)
                                        : new Reloaded.Refused("everything but rpc is in force: " + cause(failure))),
                        system.executionContext());
    }

    private static String cause(Throwable failure) {
        return String.valueOf(
                failure.getCause() == null
                        ? failure.getMessage()
                        : failure.getCause().getMessage());
    }

    private Reloaded applied(
            Reconfigured.Applied applied,
            TlsOutcome outcome,
            InForce before,
            Config whole,
            SottoSettings next,
            boolean listens) {
        if (outcome instanceof TlsOutcome.Kept kept) {
            // The files changed between the trial and now.
            return new Reloaded.Refused("everything but tls is in force: " + String.join("; ", kept.faults()));
        }
        Optional<GossipKey> key = next.lan().keys().key();
        LiveSettings live = live(next, whole);
        Map<String, String> rest = rest(whole, live);
        Map<String, String> started = new TreeMap<>(before.started);
        List<String> changed = new ArrayList<>(before.live.changedIn(live));
        if (listens) {
            for (String path : List.of("rpc.enabled", "rpc.port")) {
                started.put(path, rest.getOrDefault(path, ""));
            }
            changed.add("rpc.enabled=true");
        }
        inForce(new InForce(key, live, started));
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
        Set<String> paths = new TreeSet<>(rest.keySet());
        paths.addAll(started.keySet());
        paths.removeIf(path -> rest.getOrDefault(path, "").equals(started.getOrDefault(path, "")));
        return new Reloaded.Applied(changed, List.copyOf(paths), remarks);
    }

    private static ConfigException bad(String reason) {
        return new ConfigException.BadValue("tls", reason);
    }

    /** What upshifts have changed, and the settings do not say yet. */
    synchronized LaidSettings laid() {
        return laid;
    }

    private synchronized void laid(LaidSettings next) {
        laid = next;
    }

    /** What the operator says. */
    synchronized Config said() {
        return said;
    }

    private synchronized void said(Config next) {
        said = next;
    }

    /** The key that the settings give, whether or not the ring has changed since. */
    Optional<GossipKey> configuredKey() {
        return inForce().key;
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
}
