package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharedListTest {
    private static final long SEED = 20_261_122;

    @Test
    void showsAfterAnyChangesWhatASimpleListShowsAndEarlierListsStayAsTheyWere() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Integer> model = new ArrayList<>();
        SharedList<Integer> list = SharedList.empty();
        List<SharedList<Integer>> earlier = new ArrayList<>();
        List<List<Integer>> shown = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // It grows for a while and then shrinks for a while, over several chunks.
            int grow = i / 2_000 % 2 == 0 ? 6 : 2;
            int what = random.nextInt(10);
            if (what < grow) {
                model.add(i);
                list = list.plus(i);
            } else if (what < 8 && !model.isEmpty()) {
                model.remove(model.size() - 1);
                list = list.withoutLast();
            } else if (!model.isEmpty()) {
                int at = random.nextInt(model.size());
                model.set(at, i);
                list = list.with(at, i);
            }
            if (i % 500 == 0) {
                earlier.add(list);
                shown.add(List.copyOf(model));
            }
        }

        assertThat(shown).as("lists of more than one chunk").anyMatch(one -> one.size() > 200);
        for (int i = 0; i < earlier.size(); i++) {
            assertThat(earlier.get(i)).as("list %s, seed %s", i, SEED).isEqualTo(shown.get(i));
        }
    }

    @Test
    void hasNothingBeyondItsEnd() {
        SharedList<String> one = SharedList.<String>empty().plus("a");
        assertThatThrownBy(() -> one.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> one.with(1, "b")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> one.withoutLast().get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
