package io.sotto.membership.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.Formulas;
import io.sotto.membership.Vectors;
import io.sotto.wire.Octets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Worked sequences of the real queue. */
class BroadcastQueueVectorTest {
    @TestFactory
    Stream<DynamicTest> fillsPacketsInTheRealOrder() {
        return Vectors.each("broadcast-queue.json", vector -> {
            JsonNode input = vector.input();
            int nodes = input.get("num_nodes").asInt();
            int mult = input.get("retransmit_mult").asInt();
            Vectors.assertNumber(vector.expected(), "retransmit_limit", Formulas.retransmitLimit(mult, nodes));
            var rig = new Rig(mult, nodes);
            JsonNode expectedSteps = vector.expected().get("steps");
            int index = 0;
            for (JsonNode step : input.get("steps")) {
                rig.run(step, expectedSteps.get(index++));
            }
            assertThat(index).isEqualTo(expectedSteps.size());
        });
    }

    private static final class Rig {
        private final BroadcastQueue<String> queue;
        private final int nodes;
        private final IdentityHashMap<Octets, String> ids = new IdentityHashMap<>();
        private int finished;

        Rig(int retransmitMult, int nodes) {
            this.queue = new BroadcastQueue<>(() -> retransmitMult);
            this.nodes = nodes;
        }

        void run(JsonNode step, JsonNode expected) {
            List<String> returned = List.of();
            switch (step.get("op").asText()) {
                case "add" -> add(step);
                case "get" -> {
                    BroadcastQueue.Taken<String> taken = queue.take(
                            step.get("limit").asInt(), step.get("overhead").asInt(), nodes);
                    finished += taken.finished().size();
                    returned = taken.messages().stream().map(this::id).toList();
                }
                case "prune" ->
                    finished += queue.prune(step.get("retain").asInt()).size();
                default -> throw new AssertionError("no step " + step);
            }
            Vectors.assertTexts(expected, "returned", returned);
            Vectors.assertNumber(expected, "finished_so_far", finished);
            Vectors.assertNumber(expected, "queued_after", queue.size());
        }

        private void add(JsonNode step) {
            String id = step.get("id").asText();
            String name = step.path("name").asText("");
            Octets message = Octets.wrap(new byte[step.get("length").asInt()]);
            ids.put(message, id);
            if (name.isEmpty()) {
                queue.add(message, id);
            } else {
                finished += queue.add(name, message, id).isPresent() ? 1 : 0;
            }
        }

        private String id(Octets message) {
            String id = ids.get(message);
            assertThat(id).isNotNull();
            return id == null ? "" : id;
        }
    }
}
