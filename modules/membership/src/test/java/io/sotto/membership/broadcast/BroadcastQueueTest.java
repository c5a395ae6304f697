package io.sotto.membership.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Formulas;
import io.sotto.membership.Seeds;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BroadcastQueueTest {
    private static final int MULT = 4;

    private final BroadcastQueue<String> queue = new BroadcastQueue<>(() -> MULT);

    @Test
    void tellsTheWaiterOfAMessageThatANewerOneReplaces() {
        assertThat(queue.add("n", message(10), "old")).isEmpty();
        queue.take(100, 2, 3);
        assertThat(queue.add("n", message(20), "new")).contains("old");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.add("m", message(20), "other")).isEmpty();
    }

    @Test
    void forgetsTheNameOfAFinishedMessage() {
        var once = new BroadcastQueue<String>(() -> 1);
        once.add("n", message(10), "a");
        assertThat(once.take(100, 2, 1).finished()).isEqualTo(List.of("a"));
        assertThat(once.add("n", message(10), "b")).isEmpty();
    }

    @Test
    void sendsAMessageAsOftenAsTheLimitSays() {
        queue.add(message(10), "a");
        int limit = Formulas.retransmitLimit(MULT, 12);
        for (int i = 1; i < limit; i++) {
            BroadcastQueue.Taken<String> taken = queue.take(100, 2, 12);
            assertThat(taken.messages()).hasSize(1);
            assertThat(taken.finished()).isEmpty();
        }
        assertThat(queue.take(100, 2, 12).finished()).isEqualTo(List.of("a"));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void sendsOnceInAPoolOfNobody() {
        queue.add(message(10), "a");
        assertThat(queue.take(100, 2, 0).finished()).isEqualTo(List.of("a"));
    }

    @Test
    void dropsFromTheTailButNeverWhatIsToBeKept() {
        queue.add("short", message(10), "short");
        queue.add("long", message(30), "long");
        queue.add("middle", message(20), "middle");

        assertThat(queue.prune(3, "short")).isEmpty();
        assertThat(queue.prune(2, "short")).isEqualTo(List.of("middle"));
        assertThat(queue.prune(0, "short")).isEqualTo(List.of("long"));
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.add("long", message(30), "again")).isEmpty();
        assertThat(queue.prune(1, "nobody")).isEqualTo(List.of("short"));
    }

    @Test
    void keepsAMessageThatNeverFits() {
        queue.add(message(200), "a");
        assertThat(queue.take(100, 2, 3).messages()).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void givesBackAllWaitersWhenCleared() {
        queue.add(message(1), "a");
        queue.add("n", message(2), "b");
        assertThat(queue.clear()).isEqualTo(List.of("a", "b"));
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.add("n", message(2), "c")).isEmpty();
    }

    @Test
    void agreesWithAPlainListThatIsSortedAnewForEveryChoice() {
        Random random = Seeds.random();
        List<Plain> model = new ArrayList<>();
        int number = 0;
        for (int step = 0; step < 3_000; step++) {
            if (random.nextInt(3) > 0) {
                int length = 1 + random.nextInt(60);
                int id = ++number;
                if (random.nextBoolean()) {
                    queue.add(message(length), "t" + id);
                    model.add(new Plain(id, "", length, 0));
                } else {
                    String name = "n" + random.nextInt(20);
                    queue.add(name, message(length), "t" + id);
                    model.removeIf(plain -> plain.name.equals(name));
                    model.add(new Plain(id, name, length, 0));
                }
            } else {
                int limit = random.nextInt(300);
                BroadcastQueue.Taken<String> taken = queue.take(limit, 2, 10);
                List<Integer> lengths =
                        taken.messages().stream().map(Octets::length).toList();
                List<String> finished = new ArrayList<>();
                assertThat(lengths).isEqualTo(takeFrom(model, limit, finished));
                assertThat(taken.finished()).isEqualTo(finished);
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }

    private static List<Integer> takeFrom(List<Plain> model, int limit, List<String> finished) {
        List<Integer> lengths = new ArrayList<>();
        List<Plain> again = new ArrayList<>();
        int used = 0;
        for (int tier = 0; tier < Formulas.retransmitLimit(MULT, 10); tier++) {
            model.sort(Comparator.comparingInt(Plain::transmits)
                    .thenComparing(Comparator.comparingInt(Plain::length).reversed())
                    .thenComparing(Comparator.comparingInt(Plain::id).reversed()));
            for (Plain plain : List.copyOf(model)) {
                if (plain.transmits == tier && plain.length <= limit - used - 2) {
                    used += plain.length + 2;
                    lengths.add(plain.length);
                    model.remove(plain);
                    if (tier + 1 >= Formulas.retransmitLimit(MULT, 10)) {
                        finished.add("t" + plain.id);
                    } else {
                        again.add(new Plain(plain.id, plain.name, plain.length, tier + 1));
                    }
                }
            }
        }
        model.addAll(again);
        return lengths;
    }

    private static Octets message(int length) {
        return Octets.wrap(new byte[length]);
    }

    private record Plain(int id, String name, int length, int transmits) {}
}
