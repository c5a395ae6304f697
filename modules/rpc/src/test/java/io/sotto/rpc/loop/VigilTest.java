package io.sotto.rpc.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class VigilTest {
    private static final long LENGTH = TimeUnit.MICROSECONDS.toNanos(50);

    private final Vigil vigil = new Vigil(LENGTH);

    @Test
    void noneIsKeptBeforeAnythingIsKnown() {
        assertThat(vigil.pays()).isFalse();
    }

    @Test
    void waitsOfUpToTwiceItsLengthEarnOneAndLongerOnesDoNot() {
        vigil.slept(2 * LENGTH + 1);
        assertThat(vigil.pays()).isFalse();
        vigil.slept(2 * LENGTH);
        assertThat(vigil.pays()).isTrue();
        vigil.slept(2 * LENGTH + 1);
        assertThat(vigil.pays()).isFalse();
    }

    @Test
    void whoeverGoesAwayInTheMiddleOfABurstIsAwaitedInVainOnce() {
        for (int i = 0; i < 1_000; i++) {
            vigil.slept(1);
            vigil.kept(true);
        }
        assertThat(vigil.pays()).isTrue();
        vigil.kept(false);
        assertThat(vigil.pays()).isFalse();
    }

    @Test
    void whatIsInVainAgainAndAgainIsHardlyEverTried() {
        int tried = 0;
        for (int i = 0; i < 100_000; i++) {
            if (vigil.pays()) {
                tried++;
                vigil.kept(false);
            } else {
                vigil.slept(1);
            }
        }
        assertThat(tried).isBetween(90, 110);
    }

    @Test
    void oneThatIsWorthItMakesTheNextCheaper() {
        vigil.slept(1);
        for (int i = 0; i < 3; i++) {
            vigil.kept(false);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(vigil.pays()).isFalse();
            vigil.slept(1);
        }
        assertThat(vigil.pays()).isTrue();
        vigil.kept(true);
        vigil.kept(true);
        vigil.kept(false);
        vigil.slept(1);
        vigil.slept(1);
        assertThat(vigil.pays()).isTrue();
    }

    @Test
    void ofNoLengthNoneIsEverKept() {
        Vigil none = new Vigil(0);
        none.slept(0);
        assertThat(none.pays()).isFalse();
    }
}
