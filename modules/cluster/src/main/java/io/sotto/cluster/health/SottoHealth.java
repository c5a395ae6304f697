package io.sotto.cluster.health;

import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Whether a node has started, can be relied upon, and lives, with the reasons why not. Safe to use from every thread; nothing
 * blocks, and no stage fails.
 *
 * <p>Having joined counts once and for all: that all other members are gone is no fault of the one that is left, and no reason to
 * take it out of service too. Source: ours.
 */
public final class SottoHealth {
    private static final String PATH = "sotto";

    private final ActorSystem<?> system;
    private final List<Pool> pools;
    private final CompletionStage<?> takesCalls;
    private final Supplier<Optional<Duration>> certificateLeft;
    private final HealthSettings settings;
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    private SottoHealth(
            ActorSystem<?> system,
            List<Pool> pools,
            CompletionStage<?> takesCalls,
            Supplier<Optional<Duration>> certificateLeft,
            HealthSettings settings) {
        this.system = system;
        this.pools = List.copyOf(pools);
        this.takesCalls = takesCalls;
        this.certificateLeft = certificateLeft;
        this.settings = settings;
    }

    /**
     * The health of {@link Sotto#get}, which is started by that if nobody has.
     *
     * @throws com.typesafe.config.ConfigException for settings that cannot be
     */
    public static SottoHealth of(ActorSystem<?> system) {
        return of(
                system,
                Sotto.get(system),
                HealthSettings.of(system.settings().config().getConfig(PATH)));
    }

    /** The health of any instance. */
    public static SottoHealth of(ActorSystem<?> system, Sotto sotto, HealthSettings settings) {
        List<Pool> pools = new ArrayList<>(List.of(sotto.lan()));
        sotto.wan().ifPresent(pools::add);
        return over(
                system,
                pools,
                sotto.rpc().started(),
                () -> sotto.posture().tls().certificateLeft(),
                settings);
    }

    /**
     * The health of pools that were made by hand, as simulations do.
     *
     * @param takesCalls completes once the node does, or fails
     * @param certificateLeft how long the node's certificate is still valid; empty where it has none
     */
    public static SottoHealth over(
            ActorSystem<?> system,
            List<Pool> pools,
            CompletionStage<?> takesCalls,
            Supplier<Optional<Duration>> certificateLeft,
            HealthSettings settings) {
        return new SottoHealth(system, pools, takesCalls, certificateLeft, settings);
    }

    /** Whether all pools run, calls are taken where they are to be, and the pools are joined that have a join list. */
    public CompletionStage<Health> startup() {
        return now(starting());
    }

    /**
     * Whether others can rely on this node: it has started, it is a member of its pools and not about to leave, its keys are there,
     * and its certificate is valid for longer than {@code health.certificate-margin}.
     */
    public CompletionStage<Health> readiness() {
        List<String> problems = starting();
        for (Pool pool : pools) {
            Member.Status own = pool.self().status();
            if (own != Member.Status.ALIVE) {
                problems.add(pool.name() + ": this node is " + own.word());
            }
            if (settings.keyed() && isStarted(pool) && !pool.stats().encrypted()) {
                problems.add(pool.name() + ": there is no key on the keyring");
            }
        }
        certificateLeft
                .get()
                .filter(left -> left.compareTo(settings.certificateMargin()) <= 0)
                .ifPresent(left -> problems.add(
                        left.isNegative() || left.isZero()
                                ? "the certificate is no longer valid"
                                : "the certificate is valid for " + left.toMinutes() + " more minutes only"));
        return now(problems);
    }

    /** Whether the pools' actors answer in time. A pool that starts still is well, one that could not start is not. */
    public CompletionStage<Health> liveness() {
        CompletionStage<List<String>> all = CompletableFuture.completedFuture(List.of());
        for (Pool pool : pools) {
            all = all.thenCombine(answers(pool), (before, problem) -> {
                List<String> together = new ArrayList<>(before);
                problem.ifPresent(together::add);
                return together;
            });
        }
        return all.thenApply(Health::new);
    }

    private List<String> starting() {
        List<String> problems = new ArrayList<>();
        for (Pool pool : pools) {
            CompletableFuture<Member> started = pool.started().toCompletableFuture();
            if (!started.isDone()) {
                problems.add(pool.name() + ": is starting");
            } else if (started.isCompletedExceptionally()) {
                problems.add(pool.name() + ": could not start: " + reason(started));
            } else if (settings.joined().contains(pool.name()) && !hasMet(pool)) {
                problems.add(pool.name() + ": has met no other member yet");
            }
        }
        CompletableFuture<?> calls = takesCalls.toCompletableFuture();
        if (!calls.isDone()) {
            problems.add("calls are not taken yet");
        } else if (calls.isCompletedExceptionally()) {
            problems.add("calls: " + reason(calls));
        }
        return problems;
    }

    private static boolean isStarted(Pool pool) {
        CompletableFuture<Member> started = pool.started().toCompletableFuture();
        return started.isDone() && !started.isCompletedExceptionally();
    }

    private boolean hasMet(Pool pool) {
        if (met.contains(pool.name())) {
            return true;
        }
        String self = pool.self().name();
        boolean meets =
                pool.members().stream().anyMatch(member -> !member.name().equals(self));
        if (meets) {
            met.add(pool.name());
        }
        return meets;
    }

    /** Why it does not; empty when it does. */
    private CompletionStage<Optional<String>> answers(Pool pool) {
        CompletableFuture<Member> started = pool.started().toCompletableFuture();
        if (!started.isDone()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (started.isCompletedExceptionally()) {
            return CompletableFuture.completedFuture(
                    Optional.of(pool.name() + ": could not start: " + reason(started)));
        }
        CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        String late = pool.name() + ": its actors do not answer within "
                + settings.answerWithin().toMillis() + "ms";
        Cancellable timer = system.scheduler()
                .scheduleOnce(
                        settings.answerWithin(), () -> result.complete(Optional.of(late)), system.executionContext());
        pool.keyring().list().whenComplete((outcome, failure) -> {
            timer.cancel();
            result.complete(failure == null ? Optional.empty() : Optional.of(late));
        });
        return result;
    }

    private static CompletionStage<Health> now(List<String> problems) {
        return CompletableFuture.completedFuture(new Health(problems));
    }

    private static String reason(CompletableFuture<?> failed) {
        try {
            return String.valueOf(failed.getNow(null));
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
        }
    }
}
