package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.Attendance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A cluster in which {@link UpshiftMachine}s are driven over members that are no more than a stage: questions and orders take time,
 * get lost, and may arrive after nobody waits for their answer any more. At each change it checks that nobody is cut off by it.
 * Members that others do not list yet, that lost their disk or that were left out are apart until they have caught up.
 */
final class ModelCluster {
    static final UpshiftRules RULES = new UpshiftRules(
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            3);

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long PATIENCE_MILLIS = 2_000;
    /** For so long who is away is still listed as alive, at most. */
    private static final long UNNOTICED_MILLIS = 4_000;

    /** After so long a node that was started again has heard of everybody. */
    private static final long LEARNT_MILLIS = 5_000;

    private record Event(Instant at, long number, Runnable action) {}

    final SortedMap<String, ModelMember> members = new TreeMap<>();
    final List<ModelDriver> drivers = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    Instant now = START;
    double loss;
    double forgery;
    double lateness;
    Optional<String> violation = Optional.empty();
    private final RandomGenerator random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at.equals(b.at) ? Long.compare(a.number, b.number) : a.at.compareTo(b.at));
    private long numbers;
    private int ids;

    ModelCluster(RandomGenerator random, String... names) {
        this.random = random;
        for (String name : names) {
            members.put(name, new ModelMember(name, START.minusSeconds(60)));
        }
    }

    ModelMember member(String name) {
        return Optional.ofNullable(members.get(name)).orElseThrow();
    }

    void join(String name, UpshiftStage stage) {
        ModelMember joined = new ModelMember(name, now);
        joined.stage = stage;
        joined.isApart = true;
        members.put(name, joined);
        log.add(at() + " " + name + " joins at " + stage);
    }

    void kill(String name) {
        ModelMember member = member(name);
        member.isUp = false;
        member.life++;
        member.changedAt = now;
        member.driver.ifPresent(driver -> driver.isGone = true);
        member.driver = Optional.empty();
        log.add(at() + " " + name + " dies");
    }

    void restart(String name, boolean hasDisk) {
        ModelMember member = member(name);
        member.isUp = true;
        member.startedAt = now;
        member.changedAt = now;
        log.add(at() + " " + name + " comes back" + (hasDisk ? "" : " with nothing"));
        if (!hasDisk) {
            member.stage = UpshiftStage.NONE;
            member.held = Optional.empty();
            member.journal = Optional.empty();
            member.isApart = true;
        }
        member.journal
                .flatMap(UpshiftJournal::parse)
                .ifPresent(record -> drive(member, UpshiftMachine.resume(RULES, record)));
    }

    void partition(Set<String> others) {
        members.values().forEach(member -> move(member, others.contains(member.name) ? 1 : 0));
        log.add(at() + " parted: " + others);
    }

    void heal() {
        partition(Set.of());
    }

    private void move(ModelMember member, int side) {
        if (member.side != side) {
            member.side = side;
            member.changedAt = now;
        }
    }

    /** Runs an upshift from this node: begins one, or takes over. */
    ModelDriver begin(String name, boolean isStepwise) {
        ModelMember node = member(name);
        String id = "u" + ids++;
        UpshiftRecord fresh = UpshiftRecord.fresh(id, UpshiftKind.GOSSIP, name, "key", isStepwise, now);
        return drive(node, UpshiftMachine.begin(RULES, fresh, node.held, Set.of("key")));
    }

    private ModelDriver drive(ModelMember node, UpshiftMachine machine) {
        ModelDriver driver = new ModelDriver(node, machine);
        node.driver = Optional.of(driver);
        drivers.add(driver);
        log.add(at() + " " + node.name + " drives " + machine.record().id() + " in epoch "
                + machine.record().epoch());
        carryOut(driver, machine.start(present(node), now));
        return driver;
    }

    /** Whatever an operator says to a driver. */
    void tell(ModelDriver driver, String what, Function<Attendance, List<UpshiftEffect>> command) {
        if (!driver.isOver()) {
            log.add(at() + " " + driver.node.name + " is told: " + what);
            carryOut(driver, command.apply(present(driver.node)));
        }
    }

    void without(ModelDriver driver, String name) {
        member(name).isApart = true;
        tell(driver, "without " + name, present -> driver.machine.without(Set.of(name), "ann", present, now));
    }

    /** Lets time pass. */
    void pass(Duration time) {
        Instant until = now.plus(time);
        while (!events.isEmpty() && !events.peek().at.isAfter(until)) {
            step();
        }
        now = until;
    }

    /** Goes on until this one is over; false if it is not in this time. */
    boolean finish(ModelDriver driver, Duration time) {
        Instant until = now.plus(time);
        while (!driver.isOver() && !events.isEmpty() && events.peek().at.isBefore(until)) {
            step();
        }
        return driver.isOver();
    }

    private void step() {
        Event event = events.poll();
        now = event.at;
        event.action.run();
    }

    private void later(long millis, Runnable action) {
        events.add(new Event(now.plusMillis(millis), numbers++, action));
    }

    /** Whom a node lists now. Whoever went lately may still be taken for alive; a node that just started knows nobody. */
    Attendance present(ModelMember node) {
        Set<String> alive = new TreeSet<>(Set.of(node.name));
        Set<String> failed = new TreeSet<>();
        Set<String> left = new TreeSet<>();
        long upMillis = Duration.between(node.startedAt, now).toMillis();
        for (ModelMember member : members.values()) {
            long since = Duration.between(member.changedAt, now).toMillis();
            boolean isThere = member.isUp && member.side == node.side;
            boolean isUnnoticed = since < (member.name.hashCode() * 31L + 1_000) % UNNOTICED_MILLIS;
            boolean isNewHere = node.life > 0 && upMillis < (member.name.hashCode() * 17L + 700) % LEARNT_MILLIS;
            boolean isNew =
                    member.life == 0 && Duration.between(member.startedAt, now).toMillis() < 500;
            if (member == node || isNewHere || isNew) {
                continue;
            }
            if (member.hasLeft) {
                left.add(member.name);
            } else if (isThere != isUnnoticed) {
                alive.add(member.name);
            } else {
                failed.add(member.name);
            }
        }
        return Attendance.of(alive, failed, left);
    }

    private void carryOut(ModelDriver driver, List<UpshiftEffect> effects) {
        driver.waiting.addAll(effects);
        if (!driver.isStepping && !driver.waiting.isEmpty()) {
            driver.isStepping = true;
            later(1, () -> one(driver));
        }
    }

    private void one(ModelDriver driver) {
        driver.isStepping = false;
        if (driver.isGone || driver.waiting.isEmpty()) {
            return;
        }
        UpshiftEffect effect = driver.waiting.poll();
        switch (effect.kind()) {
            case PERSIST ->
                driver.node.journal = Optional.of(UpshiftJournal.text(((UpshiftEffect.Persist) effect).record()));
            case ASK -> ask(driver, (UpshiftEffect.Ask) effect);
            case ORDER -> order(driver, (UpshiftEffect.Order) effect);
            case WAKE -> {
                UpshiftEffect.Wake wake = (UpshiftEffect.Wake) effect;
                later(Math.max(0, Duration.between(now, wake.at()).toMillis()), () -> {
                    if (!driver.isOver()) {
                        carryOut(driver, driver.machine.wake(wake.generation(), present(driver.node), now));
                    }
                });
            }
            case TELL -> driver.told.add(((UpshiftEffect.Tell) effect).progress());
            case END -> {
                driver.end = Optional.of(((UpshiftEffect.End) effect).progress());
                driver.node.journal = Optional.empty();
                log.add(at() + " " + driver.node.name + " ends: " + driver.outcome() + " "
                        + driver.end.get().text());
                checkEnd(driver);
            }
        }
        carryOut(driver, List.of());
    }

    /** Whoever was waited for is where it ended, also if it has gone since. */
    private void checkEnd(ModelDriver driver) {
        UpshiftRecord record = driver.machine.record();
        boolean isDone = driver.outcome() == UpshiftOutcome.FINISHED;
        UpshiftStage wanted = isDone ? UpshiftStage.ENFORCED : record.confirmed();
        // Whoever calls it off before it is known where all are has moved nobody.
        boolean hasMoved = record.revision() > 0 && !record.isFencing();
        if (!driver.isTelling && (isDone || driver.outcome() == UpshiftOutcome.UNDONE) && hasMoved) {
            members.values().stream()
                    .filter(member -> record.expected().contains(member.name)
                            && !record.without().containsKey(member.name)
                            && !member.hasLeft
                            && !member.isApart
                            && member.stage != wanted)
                    .forEach(member -> violate(
                            driver.outcome() + " at " + wanted + " with " + member.name + " at " + member.stage));
        }
    }

    private void ask(ModelDriver driver, UpshiftEffect.Ask ask) {
        Map<String, Stand> stands = new HashMap<>();
        Map<String, UpshiftRecord> records = new HashMap<>();
        for (String name : present(driver.node).counted()) {
            ModelMember member = member(name);
            boolean isOwn = member == driver.node;
            later(isOwn ? 0 : random.nextLong(1_800), () -> {
                boolean isLost = !isOwn && random.nextDouble() < loss;
                if (member.isLive() && reaches(driver, member) && !isLost) {
                    stands.put(name, member.stand(now));
                    member.held.ifPresent(held -> records.put(name, held));
                } else if (random.nextDouble() < forgery) {
                    stands.put(
                            name,
                            new Stand(
                                    UpshiftStage.ENFORCED,
                                    Stand.Ground.UNKNOWN,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()));
                }
            });
        }
        later(PATIENCE_MILLIS, () -> {
            if (!driver.isGone) {
                carryOut(
                        driver,
                        driver.machine.surveyed(
                                ask.question(), Map.copyOf(stands), Map.copyOf(records), present(driver.node), now));
                catchUp(driver);
            }
        });
    }

    private void order(ModelDriver driver, UpshiftEffect.Order order) {
        Map<String, OrderAnswer> answers = new HashMap<>();
        log.add(at() + " " + driver.node.name + " orders " + order.stage() + " of " + order.members() + " by revision "
                + order.record().revision() + " of epoch " + order.record().epoch());
        Optional<UpshiftRecord> written = driver.node.journal.flatMap(UpshiftJournal::parse);
        if (written.isEmpty() || UpshiftRecord.PRECEDENCE.compare(written.get(), order.record()) < 0) {
            violate("ordered what was not written down: " + order.record());
        }
        for (String name : order.members()) {
            ModelMember member = member(name);
            int life = member.life;
            boolean isOwn = member == driver.node;
            long delay = isOwn ? 0 : random.nextLong(1_800) + (random.nextDouble() < lateness ? 9_000 : 0);
            later(delay, () -> {
                boolean isLost = !isOwn && random.nextDouble() < loss;
                if (member.isLive() && member.life == life && reaches(driver, member) && !isLost) {
                    OrderAnswer answer = obey(member, order);
                    if (isOwn || random.nextDouble() >= loss) {
                        answers.put(name, answer);
                    }
                }
            });
        }
        later(PATIENCE_MILLIS, () -> {
            if (!driver.isGone) {
                carryOut(
                        driver,
                        driver.machine.ordered(order.question(), Map.copyOf(answers), present(driver.node), now));
            }
        });
    }

    private boolean reaches(ModelDriver driver, ModelMember member) {
        return driver.node.side == member.side;
    }

    private OrderAnswer obey(ModelMember member, UpshiftEffect.Order order) {
        UpshiftStage before = member.stage;
        boolean isOvertaken = member.held
                .filter(held -> UpshiftRecord.PRECEDENCE.compare(held, order.record()) > 0)
                .isPresent();
        OrderAnswer answer = member.obey(order);
        if (isOvertaken && answer.kind() == OrderAnswer.Kind.TAKEN) {
            violate(member.name + " takes " + order.stage() + " by an order that was overtaken");
        }
        if (member.stage != before) {
            log.add(at() + " " + member.name + " goes from " + before + " to " + member.stage);
            for (ModelMember other : members.values()) {
                boolean counts = other.isLive()
                        && !other.isApart
                        && !member.isApart
                        && !order.record().without().containsKey(other.name);
                if (counts && !other.stage.understands(member.stage)) {
                    violate(member.name + " at " + member.stage + " cuts off " + other.name + " at " + other.stage);
                }
            }
        }
        return answer;
    }

    /** Whoever is listed, is on what all had confirmed and understands the others can be waited for. */
    private void catchUp(ModelDriver driver) {
        Attendance present = present(driver.node);
        UpshiftRecord record = driver.machine.record();
        for (ModelMember member : members.values()) {
            boolean understands = members.values().stream()
                    .filter(other -> other.isLive() && !other.isApart)
                    .allMatch(other -> other.stage.understands(member.stage));
            if (member.isApart
                    && understands
                    && present.alive().contains(member.name)
                    && !record.without().containsKey(member.name)
                    && member.stage.isAtLeast(record.confirmed())) {
                member.isApart = false;
            }
        }
    }

    void violate(String what) {
        if (violation.isEmpty()) {
            violation = Optional.of(at() + " " + what);
        }
    }

    private String at() {
        return Duration.between(START, now).toMillis() + " ms";
    }
}
