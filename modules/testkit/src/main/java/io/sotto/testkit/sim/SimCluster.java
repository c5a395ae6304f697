package io.sotto.testkit.sim;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.membership.Claims;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A cluster in virtual time: production pools, actors and stages, over a {@link SimNetwork}, on the thread of the test.
 *
 * <pre>{@code
 * try (SimCluster cluster = SimCluster.builder().seed(7).members(5).build()) {
 *     cluster.formed();
 *     cluster.partition(left, right);
 *     cluster.run(Duration.ofMinutes(5));
 *     cluster.heal();
 *     cluster.runUntil("all see all", cluster::seesItself, Duration.ofMinutes(2));
 * }
 * }</pre>
 *
 * <p>All chance comes from the seed: the same seed and the same calls give the same {@link #log}, byte for byte. A failure
 * of {@link #runUntil} names the seed. Operations take effect at once; what follows from them happens while time passes.
 * Used on one thread at a time. Of this length because it is the whole vocabulary of a simulation, most of it one-liners.
 *
 * <p>Over 400 lines: the whole of what a test calls.
 */
public final class SimCluster implements AutoCloseable {
    private static final int PORT = 7_946;
    private static final Duration FORMING = Duration.ofMinutes(10);
    private static final String CLUSTER = "cluster";
    private static final Config CALLS = ConfigFactory.parseString(
                    "profile = serf, rpc { enabled = on, port = 8300 }, tls.watch-interval = 0s")
            .withFallback(ConfigFactory.defaultReference(SimCluster.class.getClassLoader())
                    .getConfig("sotto"));

    private final Builder told;
    private final VirtualTime virtual;
    private final SimNetwork network;
    private final SimLog log;
    private final SplittableRandom choices;
    private final Map<String, SimMember> members = new LinkedHashMap<>();
    private List<SimMember> list = List.of();
    private long asked;

    private SimCluster(Builder told) {
        this.told = told;
        this.virtual = VirtualTime.create("sim", told.config);
        this.log = new SimLog(virtual);
        SplittableRandom root = new SplittableRandom(told.seed);
        this.network = new SimNetwork(virtual, root.split());
        this.choices = root.split();
        told.names.forEach(this::place);
    }

    /** Five members under the settings of a local network, and a seed of 1, unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** What a cluster is made from. */
    public static final class Builder {
        private long seed = 1;
        private List<String> names = names(5);
        private SwimSettings swim = SwimSettings.lan();
        private SerfSettings serf = SerfSettings.serf();
        private KeySettings keys = KeySettings.none();
        private Claims claims = Claims.GUARDED;
        private UnaryOperator<PoolSettings> change = UnaryOperator.identity();
        private Function<String, Config> calls = name -> ConfigFactory.empty();
        private Config config = ConfigFactory.parseString("pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load(SimCluster.class.getClassLoader()));

        private Builder() {}

        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /** Members {@code n1} to {@code n<count>}. */
        public Builder members(int count) {
            names = names(count);
            return this;
        }

        public Builder names(List<String> newNames) {
            names = List.copyOf(newNames);
            return this;
        }

        public Builder swim(SwimSettings settings) {
            swim = settings;
            return this;
        }

        public Builder serf(SerfSettings settings) {
            serf = settings;
            return this;
        }

        public Builder keys(KeySettings settings) {
            keys = settings;
            return this;
        }

        /** How far members believe strangers; guarded unless told otherwise. */
        public Builder claims(Claims newClaims) {
            claims = newClaims;
            return this;
        }

        /** Has the last word on the settings of each pool, at each start; {@code rules().self()} says whose they are. */
        public Builder change(UnaryOperator<PoolSettings> newChange) {
            change = newChange;
            return this;
        }

        /**
         * What a {@code sotto} section says about {@code rpc} and {@code tls} of a member, by its name. What it leaves out is as in
         * {@code reference.conf}, whatever {@code application.conf} says, but that calls are taken, on port 8300, and that files
         * are not watched.
         */
        public Builder calls(Function<String, Config> section) {
            calls = section;
            return this;
        }

        /** The actor system's configuration; its scheduler and dispatchers are replaced. */
        public Builder config(Config newConfig) {
            config = newConfig;
            return this;
        }

        public SimCluster build() {
            return new SimCluster(this);
        }

        private static List<String> names(int count) {
            return IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toList();
        }
    }

    public long seed() {
        return told.seed;
    }

    /** The time that has passed since the cluster was built. */
    public Duration now() {
        return virtual.now();
    }

    public SimNetwork network() {
        return network;
    }

    /** The system that all members share, for actors of the test. */
    public VirtualTime virtual() {
        return virtual;
    }

    /** For what a test leaves to chance; seeded like all else. */
    public RandomGenerator random() {
        return choices;
    }

    /** What happened so far: virtual seconds, member, event. */
    public List<String> log() {
        return log.lines();
    }

    /** Adds a line of the test's own to the log. */
    public void note(String line) {
        log.add(CLUSTER, line);
    }

    /**
     * A member, whether or not it runs.
     *
     * @throws NoSuchElementException if there never was one of that name
     */
    public SimMember member(String name) {
        SimMember member = members.get(name);
        if (member == null) {
            throw new NoSuchElementException("no member " + name + " among " + members.keySet());
        }
        return member;
    }

    /** All members, in the order in which they were added. */
    public List<SimMember> members() {
        return list;
    }

    /** Those of these names. */
    public List<SimMember> members(String... names) {
        return Stream.of(names).map(this::member).toList();
    }

    /** All but these. */
    public List<SimMember> others(Collection<SimMember> than) {
        return list.stream().filter(member -> !than.contains(member)).toList();
    }

    /** Those that run now. */
    public List<SimMember> running() {
        return list.stream().filter(SimMember::isRunning).toList();
    }

    /** Adds a member that is started and has not joined anybody. */
    public SimMember add(String name) {
        SimMember member = place(name);
        start(member);
        return member;
    }

    /** Starts every member that does not run. */
    public void start() {
        list.stream().filter(member -> !member.isRunning()).forEach(this::start);
    }

    /** Every member that runs joins the first one. */
    public void joinAll() {
        List<SimMember> running = running();
        running.stream().skip(1).forEach(member -> join(member, running.get(0)));
    }

    /** Starts all, joins all, and waits until all see all. A member whose join fails, as loss may make it, tries again. */
    public Duration formed() {
        start();
        List<SimMember> running = running();
        running.stream().skip(1).forEach(member -> join(member, running.get(0), Retry.UNTIL_JOINED));
        return runUntil("all members to see all", this::seesItself, FORMING);
    }

    /** Whether every member that runs sees exactly those that run, alive. Members that are paused count as running. */
    public boolean seesItself() {
        List<SimMember> running = running();
        for (SimMember member : running) {
            if (member.view().poolSize() < running.size()) {
                return false;
            }
        }
        return running.stream().allMatch(member -> sees(member, running));
    }

    private static boolean sees(SimMember member, List<SimMember> running) {
        long alive = member.view().records().stream()
                .filter(record -> record.isAlive())
                .count();
        return alive == running.size()
                && running.stream()
                        .allMatch(other -> member.view()
                                .find(other.name())
                                .filter(record -> record.isAlive())
                                .isPresent());
    }

    private enum Retry {
        NEVER,
        UNTIL_JOINED
    }

    /** Has one member join another, once; whether that works is in the log, and shows in the views. */
    public void join(SimMember member, SimMember target) {
        join(member, target, Retry.NEVER);
    }

    private void join(SimMember member, SimMember target, Retry retry) {
        log.add(member.name(), "joins " + target.name());
        ActorRef<JoinReport> reported = once(member, "join", report -> {
            log.add(member.name(), "joined " + report.contacted() + failures(report));
            if (report.contacted() == 0 && retry == Retry.UNTIL_JOINED && member.isRunning() && target.isRunning()) {
                join(member, target, retry);
            }
        });
        member.pool().tell(new GossipPool.Join(List.of(target.target()), reported));
        virtual.settle();
    }

    private static String failures(JoinReport report) {
        return report.failures().isEmpty()
                ? ""
                : " "
                        + report.failures().stream()
                                .map(JoinReport.Failure::reason)
                                .toList();
    }

    /** Leaves gracefully, as an agent does: once the leave has spread, the process ends. */
    public void leave(SimMember member) {
        log.add(member.name(), "leaves");
        SimProcess process = member.latest();
        member.pool().tell(new GossipPool.Leave(once(member, "leave", left -> {
            if (process.isRunning()) {
                log.add(member.name(), "has left");
                process.end();
            }
        })));
        virtual.settle();
    }

    /** Ends abruptly: connections break, and what is sent to it is lost. */
    public void kill(SimMember member) {
        log.add(member.name(), "is killed");
        member.end();
        virtual.settle();
    }

    /** A new process of the same name and address, without memory; the one before, if it still runs, is killed. */
    public void restart(SimMember member) {
        log.add(member.name(), "restarts");
        member.end();
        virtual.settle();
        start(member);
    }

    /** Nothing of the process runs, as under SIGSTOP; packets and timers wait, clocks go on. */
    public void pause(SimMember member) {
        log.add(member.name(), "is paused");
        member.lane().pause();
    }

    public void resume(SimMember member) {
        log.add(member.name(), "is resumed");
        member.lane().resume();
        virtual.settle();
    }

    /** From now on every task of the process takes {@code perTask}; zero makes it fast again. Ends with the process. */
    public void slow(SimMember member, Duration perTask) {
        log.add(member.name(), "takes " + perTask + " a task");
        member.lane().slow(perTask);
        virtual.settle();
    }

    /** The member's date changes by {@code by}; clocks that measure durations do not. */
    public void jumpClock(SimMember member, Duration by) {
        log.add(member.name(), "has its clock set by " + by);
        member.jump(by);
    }

    /** Nothing passes between {@code a} and {@code b} any more, in either direction. */
    public void partition(Collection<SimMember> a, Collection<SimMember> b) {
        log.add(CLUSTER, "is cut between " + a + " and " + b);
        for (SimMember one : a) {
            for (SimMember other : b) {
                network.link(one, other).up(false);
                network.link(other, one).up(false);
            }
        }
    }

    /** Nothing passes from {@code from} to {@code to} any more. */
    public void cut(SimMember from, SimMember to) {
        log.add(CLUSTER, "is cut from " + from + " to " + to);
        network.link(from, to).up(false);
    }

    /** Takes back every cut and partition. Loss and latency stay. */
    public void heal() {
        log.add(CLUSTER, "heals");
        network.everyLink(link -> link.up(true));
    }

    /**
     * Runs a stream, such as {@code member.lan().clusterKeyring().rotate(…)}, and remembers what it gives: the list grows as
     * time passes.
     */
    public <T> List<T> record(Source<T, ?> source) {
        List<T> all = new ArrayList<>();
        virtual.call(() -> source.to(Sink.foreach(all::add)).run(virtual.system()));
        virtual.settle();
        return Collections.unmodifiableList(all);
    }

    /** {@code listener} runs after each moment of virtual time, when all that was due in it has happened. */
    public void onStep(Runnable listener) {
        virtual.onMoment(listener);
    }

    /** Lets time pass. */
    public void run(Duration duration) {
        virtual.run(duration);
        account();
    }

    /**
     * Lets time pass until {@code condition} holds.
     *
     * @return how long it took
     * @throws AssertionError when it does not hold within {@code most}; names the seed
     */
    public Duration runUntil(String what, BooleanSupplier condition, Duration most) {
        try {
            Duration taken = virtual.runUntil(what, condition, most);
            account();
            return taken;
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " [seed " + told.seed + "]", e);
        }
    }

    /** An actor for one answer, outside any lane. */
    private <T> ActorRef<T> once(SimMember member, String what, Consumer<T> then) {
        return virtual.spawn(
                Behaviors.receiveMessage(answer -> {
                    then.accept(answer);
                    return Behaviors.stopped();
                }),
                member.name() + "-" + what + "-" + ++asked);
    }

    private void account() {
        if (!virtual.stranger().isEmpty()) {
            throw new IllegalStateException(
                    "another thread took part, so this run cannot be repeated: " + virtual.stranger());
        }
        log.add(CLUSTER, "has delivered " + network.delivered() + ", checksum " + Long.toHexString(network.digest()));
    }

    private SimMember place(String name) {
        if (members.containsKey(name)) {
            throw new IllegalArgumentException("there is a member " + name + " already");
        }
        SimMember member = new SimMember(name, network.add(name, address(members.size() + 1)));
        members.put(name, member);
        list = List.copyOf(members.values());
        return member;
    }

    private void start(SimMember member) {
        log.add(member.name(), "starts");
        // Of the name and the life, so that one member more or less leaves the others' choices as they are.
        SplittableRandom own =
                new SplittableRandom(told.seed ^ ((long) member.name().hashCode() << 32 | member.lives()));
        SimProcess.start(
                virtual,
                network,
                member,
                told.change.apply(settings(member)),
                this::resolve,
                own.split(),
                section(member),
                log);
        virtual.settle();
    }

    private Config section(SimMember member) {
        return told.calls.apply(member.name()).withFallback(CALLS);
    }

    private PoolSettings settings(SimMember member) {
        PoolRules rules = PoolRules.open(member.name(), told.swim, told.serf)
                .withClaims(told.claims.policy(GuardSettings.defaults(), told.swim.probeInterval()));
        return PoolSettings.of("lan", rules, member.address())
                .withClaims(told.claims)
                .withMeta(Tags.encode(Map.of("name", member.name())))
                .withKeys(told.keys);
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        SimMember member = members.get(host);
        if (member != null) {
            return new InetAddress[] {member.address().getAddress()};
        }
        if (!host.matches("[0-9.]+")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(host)};
    }

    private static InetSocketAddress address(int number) {
        byte[] bytes = {10, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), PORT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are always an address", e);
        }
    }

    @Override
    public void close() {
        virtual.close();
    }
}
