package io.sotto.wire.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    @Test
    void holdsWhatWasAddedAndNotRemovedWhateverTheNumbers() {
        Random random = Seed.random();
        StreamTable table = new StreamTable();
        Map<Integer, YamuxStream> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            // Few numbers, so that they come again, some of them far apart.
            int id = random.nextInt(300) * (random.nextInt(4) == 0 ? 0x1000_0001 : 1);
            YamuxStream known = expected.get(id);
            assertThat(table.get(id)).as(Seed.hint()).isSameAs(known);
            if (known != null) {
                table.remove(known);
                expected.remove(id);
            } else if (random.nextInt(3) > 0) {
                YamuxStream added = new YamuxStream(id, false, 1);
                table.add(added);
                expected.put(id, added);
            }
            assertThat(table.size()).isEqualTo(expected.size());
        }
        List<YamuxStream> all = new ArrayList<>();
        table.forEach(all::add);
        assertThat(all).as(Seed.hint()).containsExactlyInAnyOrderElementsOf(expected.values());
        all.forEach(table::remove);
        all.clear();
        table.forEach(all::add);
        assertThat(all).isEmpty();
    }
}
