package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.VSN;
import static io.sotto.membership.Members.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold in any order of claims, intents, timers and reapers. */
class MemberMachineRandomTest {
    private static final int NODES = 6;
    private static final int STEPS = 20_000;
    private static final String[] ACCUSERS = {"a", "b", "c", "d", "self"};

    private final Random random = Seeds.random();

    @Test
    void keepsItsPromisesInAnyOrderOfEvents() {
        SwimSettings swim = SwimSettings.lan().withDeadNodeReclaimTime(Duration.ofSeconds(30));
        PoolRules rules = PoolRules.open("self", swim, SerfSettings.consul());
        MemberMachine machine = MemberMachine.unknown("n", rules, Optional.empty(), NOW);
        List<Effect.Schedule> timers = new ArrayList<>();
        Instant now = NOW;
        for (int step = 0; step < STEPS; step++) {
            now = now.plusMillis(random.nextInt(3_000));
            Optional<MemberRecord> before = machine.record();
            List<Effect> effects = step(machine, timers, now);
            timers.addAll(only(Effect.Schedule.class, effects));
            check(before, machine, effects, now);
        }
    }

    private List<Effect> step(MemberMachine machine, List<Effect.Schedule> timers, Instant now) {
        long incarnation = machine.record().map(MemberRecord::incarnation).orElse(0L) + random.nextInt(4) - 1;
        return switch (random.nextInt(8)) {
            case 0, 1 -> machine.onClaim(alive(Math.max(0, incarnation)), NODES, now);
            case 2, 3 -> repeated(machine, new SwimMessage.Suspect(Math.max(0, incarnation), "n", accuser()), now);
            case 4 ->
                repeated(
                        machine,
                        new SwimMessage.Dead(Math.max(0, incarnation), "n", random.nextBoolean() ? "n" : accuser()),
                        now);
            case 5 -> machine.onIntent(intent(machine), now);
            case 6 ->
                timers.isEmpty()
                        ? List.of()
                        : machine.onTimer(
                                timers.remove(random.nextInt(timers.size())).generation(), NODES, now);
            default ->
                random.nextBoolean()
                        ? machine.leavePool(now.plusSeconds(random.nextInt(40)))
                        : machine.reap(now.plus(Duration.ofHours(random.nextInt(80))));
        };
    }

    /** The same claim again never changes anything. */
    private static List<Effect> repeated(MemberMachine machine, SwimMessage.Claim claim, Instant now) {
        List<Effect> effects = machine.onClaim(claim, NODES, now);
        List<Effect> again = machine.onClaim(claim, NODES, now);
        assertThat(only(Effect.Publish.class, again)).as("%s twice", claim).isEmpty();
        assertThat(only(Effect.Gossip.class, again)).as("%s twice", claim).isEmpty();
        return effects;
    }

    private static void check(Optional<MemberRecord> before, MemberMachine machine, List<Effect> effects, Instant now) {
        Optional<MemberRecord> known = before;
        for (Effect.Publish publish : only(Effect.Publish.class, effects)) {
            assertThat(publish.before()).as("publications are a chain").isEqualTo(known);
            known = Optional.of(publish.after());
        }
        assertThat(machine.record()).isEqualTo(known);
        known.ifPresent(after -> {
            assertThat(machine.hasSuspicionTimer())
                    .as("a timer runs exactly for a suspect")
                    .isEqualTo(after.state() == NodeState.SUSPECT);
            assertThat(!after.status().isGone() || after.state().isGone())
                    .as("Serf lists as gone only whom memberlist takes for gone: %s", after)
                    .isTrue();
            assertThat(after.pooled() || after.state().isGone())
                    .as("only the gone leave the pool")
                    .isTrue();
            assertThat(after.changedAt()).isBeforeOrEqualTo(now);
            before.ifPresent(earlier -> checkNoResurrection(earlier, after));
        });
    }

    private static void checkNoResurrection(MemberRecord earlier, MemberRecord after) {
        boolean sameLife = earlier.pooled() && earlier.address().equals(after.address());
        if (sameLife) {
            assertThat(after.incarnation()).isGreaterThanOrEqualTo(earlier.incarnation());
            if (earlier.state() != NodeState.ALIVE && after.state() == NodeState.ALIVE) {
                assertThat(after.incarnation()).isGreaterThan(earlier.incarnation());
            }
        }
    }

    private SwimMessage.Alive alive(long incarnation) {
        int host = random.nextInt(10) == 0 ? 99 : 41;
        return new SwimMessage.Alive(
                incarnation,
                "n",
                Members.address(host),
                Octets.wrap(new byte[] {(byte) random.nextInt(3)}),
                random.nextInt(10) == 0 ? Octets.empty() : VSN);
    }

    private SerfMessage.Intent intent(MemberMachine machine) {
        long ltime = Math.max(0, machine.record().map(MemberRecord::statusLTime).orElse(0L) + random.nextInt(4) - 1);
        return random.nextBoolean()
                ? new SerfMessage.Join(ltime, "n")
                : new SerfMessage.Leave(ltime, "n", random.nextInt(4) == 0);
    }

    private String accuser() {
        return ACCUSERS[random.nextInt(ACCUSERS.length)];
    }
}
