package io.sotto.membership.upshift.drive;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * One upshift of 3 to 10 members by a seed, with trouble at random moments: gives what went wrong, or an empty text. Public, with
 * a constructor of its own, so that it can be loaded into a world where a bug is planted.
 */
public final class RandomUpshift implements LongFunction<String> {
    private static final int TROUBLES = 40;
    private static final Duration LONG = Duration.ofMinutes(30);

    @Override
    public String apply(long seed) {
        return new Run(seed).violation();
    }

    private static final class Run {
        private final SplittableRandom random;
        private final ModelCluster cluster;
        private ModelDriver driver;
        private boolean isCalledOff;

        Run(long seed) {
            random = new SplittableRandom(seed);
            int size = random.nextInt(3, 11);
            cluster = new ModelCluster(random.split(), names(size));
            cluster.loss = random.nextInt(4) * 0.08;
            cluster.forgery = 0.5;
            cluster.lateness = random.nextInt(3) * 0.2;
            if (random.nextInt(4) == 0) {
                UpshiftStage all = random.nextBoolean() ? UpshiftStage.READY : UpshiftStage.SENDING;
                cluster.members.values().forEach(member -> member.stage = all);
            }
            driver = cluster.begin("a", random.nextInt(5) == 0);
        }

        private static String[] names(int count) {
            String[] names = new String[count];
            for (int i = 0; i < count; i++) {
                names[i] = String.valueOf((char) ('a' + i));
            }
            return names;
        }

        String violation() {
            for (int i = 0; i < TROUBLES && cluster.violation.isEmpty(); i++) {
                cluster.pass(Duration.ofMillis(random.nextLong(3_000)));
                trouble(i);
            }
            if (cluster.violation.isEmpty()) {
                settle();
            }
            return cluster.violation
                    .map(what -> what + "\n  " + String.join("\n  ", cluster.log))
                    .orElse("");
        }

        private void trouble(int number) {
            List<ModelMember> all = List.copyOf(cluster.members.values());
            ModelMember one = all.get(random.nextInt(all.size()));
            switch (random.nextInt(16)) {
                case 0, 1 -> {
                    if (one.isLive()) {
                        cluster.kill(one.name);
                    }
                }
                case 2, 3, 4 -> {
                    if (!one.isUp && !one.hasLeft) {
                        cluster.restart(one.name, random.nextInt(5) > 0);
                    }
                }
                case 5 -> {
                    Set<String> others = new TreeSet<>();
                    all.stream().filter(member -> random.nextInt(3) == 0).forEach(member -> others.add(member.name));
                    cluster.partition(others);
                }
                case 6, 7 -> cluster.heal();
                case 8 -> {
                    if (all.size() < 14) {
                        cluster.join(
                                "j" + number,
                                List.of(UpshiftStage.NONE, UpshiftStage.READY, UpshiftStage.SENDING)
                                        .get(random.nextInt(3)));
                    }
                }
                case 9 -> {
                    if (!one.isLive()
                            && all.stream().filter(ModelMember::isLive).count() > 2) {
                        one.hasLeft = true;
                    }
                }
                case 10 -> {
                    if (one.isLive()
                            && !one.isApart
                            && one.driver.filter(held -> !held.isOver()).isEmpty()) {
                        driver = cluster.begin(one.name, false);
                    }
                }
                case 11 -> {
                    if (random.nextInt(3) == 0) {
                        isCalledOff = true;
                        cluster.tell(driver, "abort", present -> driver.machine.abort(present, cluster.now));
                    }
                }
                case 12 -> {
                    if (!one.isUp && !one.hasLeft) {
                        cluster.without(driver, one.name);
                    }
                }
                case 13 -> cluster.tell(driver, "next", present -> driver.machine.next(present, cluster.now));
                case 14 -> cluster.tell(driver, "run", present -> driver.machine.run(present, cluster.now));
                default -> {
                    // Nothing happens for a while.
                }
            }
        }

        /** Everybody is there and hears each other: it ends as it should, and another one takes whoever was left out along. */
        private void settle() {
            cluster.heal();
            List.copyOf(cluster.members.values()).stream()
                    .filter(member -> !member.isUp && !member.hasLeft)
                    .forEach(member -> cluster.restart(member.name, true));
            cluster.loss = 0;
            cluster.pass(Duration.ofSeconds(15));
            Optional<ModelDriver> ended = end();
            if (ended.isEmpty() || cluster.violation.isPresent()) {
                cluster.violate("no end");
                return;
            }
            cluster.pass(Duration.ofSeconds(20));
            uniform(ended.get());
            if (ended.get().outcome() == UpshiftOutcome.UNDONE || random.nextInt(4) == 0) {
                cluster.pass(Duration.ofSeconds(20));
                driver = cluster.begin(anyone().name, false);
                ended = end();
                if (ended.isEmpty()) {
                    cluster.violate("no end of the second one");
                } else {
                    uniform(ended.get());
                }
            }
        }

        private Optional<ModelDriver> end() {
            for (int i = 0; i < 6 && cluster.violation.isEmpty(); i++) {
                Optional<ModelDriver> last =
                        cluster.drivers.stream().filter(one -> !one.isOver()).reduce((one, other) -> other);
                ModelDriver at = last.orElseGet(this::another);
                cluster.tell(at, "run", present -> at.machine.run(present, cluster.now));
                if (!cluster.finish(at, LONG)) {
                    cluster.violate("waits for " + at.machine.progress().waitingFor() + " "
                            + at.machine.progress().text());
                } else if (at.end.isPresent()
                        && (at.outcome() == UpshiftOutcome.FINISHED || at.outcome() == UpshiftOutcome.UNDONE)) {
                    return Optional.of(at);
                }
            }
            return Optional.empty();
        }

        private ModelDriver another() {
            return cluster.begin(anyone().name, false);
        }

        private ModelMember anyone() {
            List<ModelMember> live = cluster.members.values().stream()
                    .filter(ModelMember::isLive)
                    .toList();
            return live.get(random.nextInt(live.size()));
        }

        /** Whoever is not left out is where it ended. */
        private void uniform(ModelDriver ended) {
            UpshiftRecord record = ended.end.flatMap(UpshiftProgress::record).orElseThrow();
            boolean isDone = ended.outcome() == UpshiftOutcome.FINISHED;
            UpshiftStage wanted = isDone ? UpshiftStage.ENFORCED : record.confirmed();
            if (!isDone && !isCalledOff) {
                cluster.violate("undone, though nobody called it off");
            }
            for (ModelMember member : cluster.members.values()) {
                boolean counts = member.isLive()
                        && !record.isFencing()
                        && !record.without().containsKey(member.name)
                        && record.expected().contains(member.name);
                if (counts && member.stage != wanted) {
                    cluster.violate("ended " + ended.outcome() + " at " + wanted + " with " + member.name + " at "
                            + member.stage);
                }
            }
        }
    }
}
