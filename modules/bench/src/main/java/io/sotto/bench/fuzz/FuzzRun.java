package io.sotto.bench.fuzz;

import io.sotto.testkit.fuzz.FuzzCase;
import io.sotto.testkit.fuzz.FuzzKind;
import io.sotto.testkit.fuzz.FuzzTarget;
import io.sotto.testkit.fuzz.Fuzzer;
import io.sotto.testkit.fuzz.LiveTarget;
import io.sotto.testkit.fuzz.StreamEnding;
import io.sotto.testkit.fuzz.Verdict;
import io.sotto.testkit.fuzz.YamuxFuzzer;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * N datagrams of each of three kinds, and N / 10 streams, against two agents: one without a key, one with. Afterwards the
 * same process with the same actors must be there, about as large as before, having accepted nothing that it should not
 * have, and every datagram must be accounted for. Then 20 N frames against yamux sessions.
 */
public final class FuzzRun {
    private static final long DEFAULT_COUNT = 50_000;
    private static final double GROWTH_MAX_MIB = 64;
    private static final long YAMUX_FRAMES_EACH = 20;
    private static final double YAMUX_GROWTH_MAX_MIB = 4;
    private static final double PING_MAX_MILLIS = 100;
    private static final int PINGS = 9;
    private static final Duration PING_PATIENCE = Duration.ofSeconds(2);
    private static final int MIB = 1 << 20;

    /** Datagrams that may be under way in the agent before the sender waits: far below what its queue holds. */
    private static final long UNDER_WAY_MAX = 500;

    private static final int LOOK_EVERY = 500;
    private static final int PROGRESS_EVERY = 100_000;
    private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(60);
    private static final int CULPRITS_MAX = 5;

    private final long count;
    private final long seed;
    private final Path build;
    private final Path scratch;
    private final PrintStream progress;
    private final Claims claims;

    private FuzzRun(long count, long seed, Path build, Path scratch, PrintStream progress) {
        this.count = count;
        this.seed = seed;
        this.build = build;
        this.scratch = scratch;
        this.progress = progress;
        this.claims = new Claims(seed);
    }

    /** {@code [-n COUNT] [-seed SEED]}; gives the exit code: 0 when every claim holds, 1 when not, 2 for wrong arguments. */
    public static int run(List<String> arguments) throws Exception {
        Map<String, Long> flags = new TreeMap<>(Map.of("-n", DEFAULT_COUNT, "-seed", System.nanoTime()));
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (!flags.containsKey(arguments.get(i)) || !value.matches("\\d{1,18}")) {
                System.err.println("usage: modules/bench/run fuzz [-n COUNT] [-seed SEED]");
                return 2;
            }
            flags.put(arguments.get(i), Long.parseLong(value));
        }
        FuzzRun run = new FuzzRun(
                flags.getOrDefault("-n", DEFAULT_COUNT),
                flags.getOrDefault("-seed", 0L),
                Path.of(System.getProperty("sotto.bench.build", ".")),
                Path.of(System.getProperty("sotto.bench.scratch", ".")).resolve("fuzz"),
                System.err);
        long started = System.nanoTime();
        run.plainAgent();
        run.sealedAgent();
        run.yamuxSessions();
        run.claims.figure("time", (System.nanoTime() - started) / 1_000_000_000L + " s");
        System.out.print(run.claims.table());
        System.err.flush();
        System.out.println(run.claims.json());
        System.out.flush();
        return run.claims.hold() ? 0 : 1;
    }

    private void plainAgent() throws Exception {
        FuzzTarget target = FuzzTarget.plain("fuzz-plain");
        try (LiveAgent agent = LiveAgent.start(build, scratch, target.name(), address(1), Optional.empty())) {
            Watch watch = new Watch(agent, target);
            datagrams(agent, target, FuzzKind.PLAIN);
            streams(agent, target);
            watch.end();
        }
    }

    private void sealedAgent() throws Exception {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        FuzzTarget target = FuzzTarget.sealed("fuzz-sealed", GossipKey.of(secret));
        String base64 = Base64.getEncoder().encodeToString(secret);
        try (LiveAgent agent = LiveAgent.start(build, scratch, target.name(), address(2), Optional.of(base64))) {
            Watch watch = new Watch(agent, target);
            Set<String> before = agent.members();
            datagrams(agent, target, FuzzKind.FLIPPED);
            Set<String> after = agent.members();
            claims.none("members listed after bit flips that were not before", difference(after, before));
            claims.none("members gone after bit flips", difference(before, after));
            datagrams(agent, target, FuzzKind.SEALED);
            streams(agent, target);
            watch.end();
        }
    }

    /** Sessions in this process, twenty frames for each datagram: nothing of them can be seen from outside an agent. */
    private void yamuxSessions() {
        double before = heapMib();
        YamuxFuzzer.Findings found = YamuxFuzzer.create(seed).run(YAMUX_FRAMES_EACH * count);
        claims.figure("yamux: frames", found.frames());
        claims.figure("yamux: sessions, and how they ended", found.sessions() + " " + new TreeMap<>(found.endings()));
        claims.figure("yamux: streams, bytes", found.streams() + ", " + found.bytes());
        claims.none(
                "yamux: sessions that did otherwise than the specification says",
                found.faults().size());
        claims.atMost(YAMUX_GROWTH_MAX_MIB, "yamux: heap grew by", "MiB", heapMib() - before);
        found.faults().forEach(claims::fault);
    }

    private static double heapMib() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / (double) MIB;
    }

    /** On loopback, and not that of another run beside this one. */
    private static String address(int host) {
        return "127.95." + ProcessHandle.current().pid() % 250 + "." + host;
    }

    private static int difference(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest.size();
    }

    private void datagrams(LiveAgent agent, FuzzTarget target, FuzzKind kind) throws Exception {
        Fuzzer fuzzer = Fuzzer.create(seed, target);
        Metrics before = agent.metrics();
        long mayBeAccepted = 0;
        long sound = 0;
        long started = System.nanoTime();
        try (DatagramSender sender = DatagramSender.open(agent.gossip())) {
            long dropsBefore = sender.kernelDrops();
            for (long index = 0; index < count; index++) {
                FuzzCase made = fuzzer.at(kind, index);
                mayBeAccepted += made.verdict() == Verdict.MAY_BE_ACCEPTED ? 1 : 0;
                sound += made.sound() ? 1 : 0;
                sender.send(made);
                if (index % LOOK_EVERY == LOOK_EVERY - 1) {
                    awaitRoom(agent, before, sender, dropsBefore);
                }
                if ((index + 1) % PROGRESS_EVERY == 0) {
                    progress.println("fuzz: " + kind.label() + ", " + (index + 1) + " of " + count + " sent");
                }
            }
            Metrics after = settled(agent, before, sender, dropsBefore);
            long kernel = sender.kernelDrops() - dropsBefore;
            account(kind, before, after, mayBeAccepted, sound, kernel, (System.nanoTime() - started) / 1e9);
        }
    }

    /** Waits until the agent has dealt with nearly all that was sent. */
    private static void awaitRoom(LiveAgent agent, Metrics before, DatagramSender sender, long dropsBefore)
            throws Exception {
        long deadline = System.nanoTime() + SETTLE_PATIENCE.toNanos();
        while (underWay(agent.metrics(), before, sender, dropsBefore) > UNDER_WAY_MAX) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the agent stands still: " + agent.log());
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private static long underWay(Metrics now, Metrics before, DatagramSender sender, long dropsBefore)
            throws IOException {
        long ended = now.accepted()
                - before.accepted()
                + now.rejectedInAll()
                - before.rejectedInAll()
                + now.dropped()
                - before.dropped();
        return sender.sent() - ended - (sender.kernelDrops() - dropsBefore);
    }

    private static Metrics settled(LiveAgent agent, Metrics before, DatagramSender sender, long dropsBefore)
            throws Exception {
        long deadline = System.nanoTime() + SETTLE_PATIENCE.toNanos();
        Metrics now = agent.metrics();
        while (underWay(now, before, sender, dropsBefore) != 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            now = agent.metrics();
        }
        return now;
    }

    private void account(
            FuzzKind kind, Metrics before, Metrics after, long mayBeAccepted, long sound, long kernel, double seconds) {
        String label = kind.label() + ": ";
        long accepted = after.accepted() - before.accepted();
        long rejected = after.rejectedInAll() - before.rejectedInAll();
        long dropped = after.dropped() - before.dropped();
        Map<String, Long> reasons = new TreeMap<>(after.rejected());
        before.rejected().forEach((reason, sofar) -> reasons.merge(reason, -sofar, Long::sum));
        reasons.values().removeIf(value -> value == 0);
        claims.figure(label + "sent", count + String.format(Locale.ROOT, ", %.0f a second", count / seconds));
        claims.figure(label + "accepted", accepted + "; " + mayBeAccepted + " may be, " + sound + " must be");
        claims.figure(label + "rejected", rejected + " " + reasons);
        claims.figure(label + "dropped by the agent, by the kernel", dropped + ", " + kernel);
        claims.none(label + "accepted beyond what may be", Math.max(0, accepted - mayBeAccepted));
        long lost = dropped + kernel + reasons.getOrDefault("rate", 0L);
        claims.none(label + "rejected though nothing is wrong with them", Math.max(0, sound - accepted - lost));
        claims.none(label + "not accounted for", Math.abs(count - accepted - rejected - dropped - kernel));
        if (kind == FuzzKind.FLIPPED) {
            claims.none(label + "accepted", accepted);
        }
    }

    private void streams(LiveAgent agent, FuzzTarget target) throws Exception {
        // Half of them to each of the two agents.
        long streams = count / 20;
        StreamSender sender = new StreamSender(agent.gossip(), target, seed);
        long started = System.nanoTime();
        sender.send(streams);
        double seconds = (System.nanoTime() - started) / 1e9;
        String label = agent.name() + " streams: ";
        claims.figure(label + "opened", streams + String.format(Locale.ROOT, ", %.0f a second", streams / seconds));
        long answered = sender.count(StreamEnding.ANSWERED);
        long refused = sender.count(StreamEnding.REFUSED);
        long closed = sender.count(StreamEnding.CLOSED);
        claims.figure(label + "answered, refused, closed", answered + ", " + refused + ", " + closed);
        claims.none(
                label + "answered though they must not be, or not though they must",
                sender.faults().size());
        claims.none(label + "not connected, or left open", Math.abs(streams - answered - refused - closed));
        sender.faults().stream().limit(CULPRITS_MAX).forEach(claims::fault);
        progress.println("fuzz: " + streams + " streams to " + agent.name());
    }

    /** What an agent was before, to be held against what it is afterwards. */
    private final class Watch {
        private final LiveAgent agent;
        private final FuzzTarget target;
        private final String identity;
        private final long heapBytes;
        private final long residentBytes;
        private final long actorFailures;

        Watch(LiveAgent agent, FuzzTarget target) throws Exception {
            this.agent = agent;
            this.target = target;
            this.identity = agent.identity();
            this.heapBytes = agent.heapAfterCollection();
            this.residentBytes = agent.residentBytes();
            this.actorFailures = agent.metrics().actorFailures();
            progress.println("fuzz: agent " + agent.name() + " is process " + identity);
        }

        void end() throws Exception {
            String label = agent.name() + ": ";
            claims.atMost(PING_MAX_MILLIS, label + "a ping is answered within", "ms, median", pingMillis());
            claims.none(label + "another process than at the start", identity.equals(agent.identity()) ? 0 : 1);
            claims.none(label + "actors that failed", agent.metrics().actorFailures() - actorFailures);
            Set<String> members = agent.members();
            claims.none(
                    label + "members listed that must not be",
                    members.stream().filter(name -> name.startsWith("bad-")).count());
            claims.none(label + "own name not listed", members.contains(target.name()) ? 0 : 1);
            claims.figure(label + "members listed", members.size());
            double growth = (agent.heapAfterCollection() - heapBytes) / (double) MIB;
            claims.atMost(GROWTH_MAX_MIB, label + "heap grew by", "MiB", growth);
            claims.figure(
                    label + "heap before, resident before and after",
                    String.format(
                            Locale.ROOT,
                            "%.1f MiB, %.1f MiB, %.1f MiB",
                            heapBytes / (double) MIB,
                            residentBytes / (double) MIB,
                            agent.residentBytes() / (double) MIB));
        }

        private double pingMillis() throws IOException {
            LiveTarget live = LiveTarget.at(agent.gossip(), target);
            double[] millis = new double[PINGS];
            for (int i = 0; i < PINGS; i++) {
                millis[i] = live.ping(InetAddress.getByAddress(new byte[] {127, 91, 8, 1}), PING_PATIENCE)
                        .orElse(Double.POSITIVE_INFINITY);
            }
            Arrays.sort(millis);
            return millis[PINGS / 2];
        }
    }
}
