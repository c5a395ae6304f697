package io.sotto.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.rpc.application.RpcCodec;
import io.sotto.rpc.application.RpcCodecs;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What makes tallies right after a partition: merging has no order, and meeting the same news twice changes nothing. */
final class TallyTest {
    private static final long SEED = 1;

    @Test
    void visitorsAreCountedByGateAndLife() {
        Tally tally = Tally.empty().plus("north", "1", 2).plus("south", "1", 3).plus("north", "2", 4);

        assertThat(tally.total()).isEqualTo(9);
        assertThat(tally.byGate()).containsEntry("north", 6L).containsEntry("south", 3L);
    }

    @Test
    void visitorsDoNotGo() {
        assertThatThrownBy(() -> Tally.empty().plus("north", "1", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void newsMayComeInAnyOrderAndMoreThanOnce() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 1_000; i++) {
            Tally a = some(random);
            Tally b = some(random);
            Tally c = some(random);

            assertThat(a.merge(b)).as("seed %d, case %d", SEED, i).isEqualTo(b.merge(a));
            assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
            assertThat(a.merge(b).merge(b))
                    .isEqualTo(a.merge(b))
                    .isEqualTo(a.merge(b).merge(a));
        }
    }

    @Test
    void itGoesOverTheWireAsItIs() throws Exception {
        RpcCodec<Tally> codec = RpcCodecs.records(Tally.class);
        Tally tally = Tally.empty().plus("north", "1", 2).plus("south", "1", 1L << 40);

        assertThat(codec.decode(codec.encode(tally))).isEqualTo(tally);
        assertThat(codec.decode(codec.encode(Tally.empty()))).isEqualTo(Tally.empty());
    }

    private static Tally some(SplittableRandom random) {
        Tally tally = Tally.empty();
        for (int i = random.nextInt(6); i > 0; i--) {
            tally = tally.plus("gate" + random.nextInt(3), "" + random.nextInt(2), random.nextInt(5));
        }
        return tally;
    }
}
