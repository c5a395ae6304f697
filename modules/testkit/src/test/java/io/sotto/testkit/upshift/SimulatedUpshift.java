package io.sotto.testkit.upshift;

import io.sotto.gossip.GossipPool;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One gossip upshift of 4 to 6 production nodes by its seed: packets get lost, the network parts, nodes are killed and come back, join,
 * drive and take over, at random moments. Gives what went wrong, or an empty text. Public, with a constructor of its own, so
 * that it can be loaded into a world where a bug is planted.
 */
public final class SimulatedUpshift implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        try {
            Path directory = Files.createTempDirectory("upshift");
            try (Run run = new Run(seed, directory)) {
                return run.violation();
            } finally {
                remove(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static final class Run implements AutoCloseable {
        private static final int TROUBLES = 20;
        private static final int ALONE_MOST = 12;
        private static final Duration MOST = Duration.ofMinutes(20);
        /** So long after a trouble a failure that is found may be of that trouble. */
        private static final Duration ECHO = Duration.ofSeconds(30);

        private final long seed;
        private final SplittableRandom random;
        private final SimCluster cluster;
        private final SimWires wires;
        private final Path directory;
        private final double loss;
        private final Map<String, SimUpshiftNode> nodes = new LinkedHashMap<>();
        private final Map<String, Duration> troubled = new HashMap<>();
        /** They came while it was under way, or came back with nothing, and have not been one with the others since. */
        private final Set<String> apart = new HashSet<>();

        private final List<String> violations = new ArrayList<>();
        private final Map<String, Integer> alone = new HashMap<>();
        private Duration partedAt = Duration.ZERO;
        private Optional<SimUpshiftNode> copied = Optional.empty();
        private boolean isCalledOff;
        private boolean mayAbort;

        Run(long seed, Path directory) {
            this.seed = seed;
            this.directory = directory;
            random = new SplittableRandom(seed);
            loss = random.nextInt(3) * 0.02;
            mayAbort = random.nextInt(3) == 0;
            cluster = SimCluster.builder()
                    .seed(seed)
                    .members(random.nextInt(4, 7))
                    .change(given -> node(given.rules().self()).settings(given))
                    .build();
            wires = new SimWires(cluster, random.split(), loss);
        }

        private SimUpshiftNode node(String name) {
            SimUpshiftNode known = nodes.get(name);
            if (known != null) {
                return known;
            }
            SimUpshiftNode added = new SimUpshiftNode(
                    cluster.virtual(), wires, cluster.member(name), random.split(), directory, () -> changed(name));
            copied.ifPresent(added::copy);
            nodes.put(name, added);
            wires.add(added);
            return added;
        }

        String violation() {
            cluster.formed();
            cluster.members().forEach(this::began);
            cluster.network().everyLink(link -> link.loss(loss));
            cluster.run(Duration.ofSeconds(2));
            node("n1").run();
            for (int i = 0; i < TROUBLES && violations.isEmpty(); i++) {
                cluster.run(Duration.ofMillis(random.nextLong(3_000)));
                tend();
                trouble(i);
            }
            settle();
            return violations.isEmpty()
                    ? ""
                    : "seed " + seed + ": " + violations.get(0) + "\n  " + String.join("\n  ", cluster.log());
        }

        /** What begins with each life. */
        private void began(SimMember member) {
            node(member.name()).started();
            member.pool()
                    .tell(new GossipPool.Subscribe(member.spawn(
                            Behaviors.<MemberEvent>receiveMessage(event -> {
                                if (event.kind() == MemberEvent.Kind.FAILED) {
                                    failed(member, event.member().name());
                                }
                                return Behaviors.same();
                            }),
                            "watches")));
            cluster.virtual().settle();
        }

        /** Whoever has been waited for understands it, also who is down: it may come back as it went. */
        private void changed(String name) {
            UpshiftStage stage = node(name).stage();
            cluster.note(name + " is at " + stage);
            if (!apart.contains(name)) {
                nodes.values().stream()
                        .filter(other -> !apart.contains(other.name()))
                        .filter(other -> !other.stage().understands(stage))
                        .forEach(other -> violations.add(
                                name + " at " + stage + " cuts off " + other.name() + " at " + other.stage()));
            }
        }

        private void failed(SimMember by, String name) {
            SimMember failed = cluster.member(name);
            Duration calm = cluster.now().minus(ECHO);
            boolean isExcused = !failed.isRunning()
                    || !by.isRunning()
                    || apart.contains(name)
                    || apart.contains(by.name())
                    || partedAt.compareTo(calm) > 0
                    || troubledAt(name).compareTo(calm) > 0
                    || troubledAt(by.name()).compareTo(calm) > 0
                    || !cluster.network().link(by, failed).isUp();
            if (!isExcused) {
                violations.add(by.name() + " declares " + name + " failed, though both are there");
            }
        }

        private Duration troubledAt(String name) {
            return troubled.getOrDefault(name, Duration.ZERO);
        }

        private void troubled(SimMember member) {
            troubled.put(member.name(), cluster.now());
        }

        private void trouble(int number) {
            List<SimMember> all = cluster.members();
            SimMember one = all.get(random.nextInt(all.size()));
            switch (random.nextInt(14)) {
                case 0, 1 -> kill(one);
                case 2, 3, 4 -> comeBack(one);
                case 5 -> part();
                case 6, 7 -> heal();
                case 8 -> join("j" + number);
                case 9 -> {
                    if (one.isRunning()) {
                        node(one.name()).run();
                        cluster.note(one.name() + " is told: run");
                    }
                }
                case 10, 11 -> {
                    if (mayAbort && !isCalledOff && number > 4) {
                        abort();
                    }
                }
                default -> {
                    // Nothing happens for a while.
                }
            }
        }

        private void kill(SimMember one) {
            if (one.isRunning() && cluster.running().size() > 2) {
                cluster.kill(one);
                troubled(one);
            }
        }

        private void comeBack(SimMember one) {
            if (one.isRunning()) {
                return;
            }
            boolean isUnderWay =
                    latest().filter(last -> last.outcome().isEmpty()).isPresent();
            if (isUnderWay && random.nextInt(8) == 0) {
                cluster.note(one.name() + " lost its disk");
                nodes.remove(one.name());
                apart.add(one.name());
            }
            start(one);
        }

        private void start(SimMember member) {
            cluster.restart(member);
            troubled(member);
            began(member);
        }

        private void part() {
            List<SimMember> some = cluster.members().stream()
                    .filter(member -> random.nextInt(3) == 0)
                    .toList();
            cluster.partition(some, cluster.others(some));
            partedAt = cluster.now();
        }

        private void heal() {
            cluster.heal();
            partedAt = cluster.now();
        }

        /** A new node gets the settings of one that is there. */
        private void join(String name) {
            if (cluster.members().size() < 8) {
                SimUpshiftNode model = node(established().name());
                apart.add(name);
                copied = Optional.of(model);
                SimMember joined = cluster.add(name);
                copied = Optional.empty();
                cluster.network().everyLink(link -> link.loss(loss));
                troubled(joined);
                began(joined);
            }
        }

        private void abort() {
            drivers().findFirst().ifPresent(driver -> {
                isCalledOff = true;
                driver.abort();
                cluster.note(driver.name() + " is told: abort");
            });
        }

        private Stream<SimUpshiftNode> drivers() {
            return nodes.values().stream().filter(SimUpshiftNode::isDriving);
        }

        private SimMember anyRunning() {
            List<SimMember> running = cluster.running();
            return running.get(random.nextInt(running.size()));
        }

        /** One that others have waited for, if there is one. */
        private SimMember established() {
            List<SimMember> those = cluster.running().stream()
                    .filter(member -> !apart.contains(member.name()))
                    .toList();
            return those.isEmpty() ? anyRunning() : those.get(random.nextInt(those.size()));
        }

        /** Whoever is expected, hears everybody and understands them is waited for from now on. */
        private void catchUp(String name) {
            boolean isExpected = latest().filter(
                            last -> last.outcome().isEmpty() && last.expected().contains(name))
                    .isPresent();
            boolean understands = nodes.values().stream()
                    .filter(other -> !apart.contains(other.name()))
                    .allMatch(other -> other.stage().understands(node(name).stage()));
            if (isExpected && understands) {
                apart.remove(name);
            }
        }

        /**
         * Whoever is alone joins somebody, as agents do again and again. Who has not the key that by now all seal with cannot be
         * heard; unless the driver knows it still, its operator has to give it the settings of another.
         */
        private void tend() {
            for (SimMember member : cluster.running()) {
                long alive = member.view().records().stream()
                        .filter(record -> record.isAlive())
                        .count();
                SimMember other = established();
                if (alive == cluster.running().size()) {
                    catchUp(member.name());
                }
                if (alive > 1 || other == member) {
                    alone.remove(member.name());
                } else if (apart.contains(member.name()) && alone.merge(member.name(), 1, Integer::sum) > ALONE_MOST) {
                    cluster.note(member.name() + " gets the settings of " + other);
                    alone.remove(member.name());
                    node(member.name()).copy(node(other.name()));
                    start(member);
                } else {
                    cluster.join(member, other);
                }
            }
        }

        private void settle() {
            heal();
            cluster.members().forEach(this::comeBack);
            do {
                ended();
                if (violations.isEmpty()) {
                    uniform(latest().orElseThrow());
                    together();
                }
                // Whoever was told to run one in the last moment may only have begun it by now.
            } while (violations.isEmpty()
                    && latest().flatMap(UpshiftRecord::outcome).isEmpty());
        }

        private void ended() {
            boolean isOver = false;
            Duration end = cluster.now().plus(MOST);
            while (!isOver && cluster.now().compareTo(end) < 0 && violations.isEmpty()) {
                cluster.run(Duration.ofSeconds(2));
                tend();
                Optional<SimUpshiftNode> driver = drivers().findFirst();
                Optional<UpshiftRecord> last = latest();
                isOver =
                        driver.isEmpty() && last.flatMap(UpshiftRecord::outcome).isPresent();
                if (driver.isEmpty() && !isOver) {
                    SimMember next = anyRunning();
                    cluster.note(next.name() + " is told: run");
                    node(next.name()).run();
                    cluster.run(Duration.ofSeconds(20));
                }
            }
            if (!isOver && violations.isEmpty()) {
                violations.add("no end: "
                        + drivers()
                                .map(driver ->
                                        driver.name() + " " + driver.last().map(at -> at.waitingFor() + at.text()))
                                .toList());
            }
        }

        private Optional<UpshiftRecord> latest() {
            return nodes.values().stream()
                    .flatMap(node -> node.book().last(UpshiftKind.GOSSIP).stream())
                    .max(UpshiftRecord.PRECEDENCE);
        }

        private void uniform(UpshiftRecord record) {
            boolean isDone = record.outcome().equals(Optional.of(UpshiftOutcome.FINISHED));
            UpshiftStage wanted = isDone ? UpshiftStage.ENFORCED : record.confirmed();
            cluster.note("ended " + record.outcome() + " at " + wanted);
            if (!isDone && !isCalledOff) {
                violations.add("undone, though nobody called it off");
            }
            nodes.values().stream()
                    .filter(node -> record.expected().contains(node.name()))
                    .filter(node -> node.stage() != wanted)
                    .forEach(node ->
                            violations.add("ended at " + wanted + " with " + node.name() + " at " + node.stage()));
        }

        private void together() {
            Duration end = cluster.now().plus(Duration.ofMinutes(5));
            while (!cluster.seesItself() && cluster.now().compareTo(end) < 0) {
                cluster.run(Duration.ofSeconds(5));
                tend();
            }
            if (!cluster.seesItself()) {
                violations.add("members that are there do not see each other");
            }
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
