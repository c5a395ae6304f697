package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Five sotto agents and five real serf agents tell and ask each other things. */
@NeedsPeer("serf")
@Execution(ExecutionMode.CONCURRENT)
class SerfEventsIT {
    private static final int OF_EACH_KIND = 5;
    /** For gossip and, should a packet be lost, for the exchange of views after it. */
    private static final Duration SPREAD = Duration.ofSeconds(75);
    /** Each member probes the nine others in turn, one a second, and needs one ack of each. */
    private static final Duration COORDINATES = Duration.ofSeconds(60);

    private final Path directory = NodeFiles.directory("serf-events");
    private final List<SerfProcess> serfs = new ArrayList<>();
    private final List<AnsweringAgent> sottos = new ArrayList<>();

    @Test
    void eventsAndQueriesOfEitherKindReachEveryMemberOnceAndAreAnswered() {
        List<Path> programs = Peers.programs("serf", "serf-newer", "serf-older");
        try (Pool pool = new Pool("serf events")) {
            for (int i = 0; i < OF_EACH_KIND; i++) {
                String name = "serf-" + i;
                serfs.add(new SerfProcess(
                                programs.get(i % programs.size()),
                                name,
                                Site.ipv4(Site.SERF_PORT),
                                directory,
                                Optional.empty())
                        .with("-event-handler=user=" + handler(name + "-event", eventScript(name)))
                        .with("-event-handler=query:load=" + handler(name + "-query", queryScript(name))));
                sottos.add(new AnsweringAgent("sotto-" + i, Site.ipv4(Site.SERF_PORT)));
                pool.start(serfs.get(i));
                pool.start(sottos.get(i));
            }
            pool.awaitAgreement("ten members see each other", FormulaTime.joinBound());

            serfs.get(0).verb("event", "by-serf", "v1");
            assertThat(sottos.get(0).verb("event", "by-sotto", "v2").exit()).isZero();
            Awaitility.await("both events reach all ten").atMost(SPREAD).untilAsserted(this::eachHasBothEventsOnce);

            everybodyAnswers(answersTo(serfs.get(1)));
            everybodyAnswers(answersTo(sottos.get(1)));
            assertThat(sottos).allSatisfy(sotto -> assertThat(sotto.queries()).containsExactly("serf", "sotto"));

            everybodyIsReached();
            Awaitility.await("serf rtt across kinds")
                    .atMost(COORDINATES)
                    .untilAsserted(() -> assertThat(serfs.get(2)
                                    .tryVerb("rtt", "sotto-1", "serf-3")
                                    .out())
                            .startsWith("Estimated sotto-1 <-> serf-3 rtt: "));
            Awaitility.await("sotto rtt across kinds")
                    .atMost(COORDINATES)
                    .untilAsserted(() -> assertThat(sottos.get(2)
                                    .verb("rtt", "serf-1", "sotto-3")
                                    .out())
                            .startsWith("Estimated serf-1 <-> sotto-3 rtt: "));

            eachHasBothEventsOnce();
        }
    }

    private void eachHasBothEventsOnce() {
        assertThat(serfs)
                .allSatisfy(serf -> assertThat(lines(serf.name()))
                        .as("events at %s", serf.name())
                        .containsExactlyInAnyOrder("by-serf v1", "by-sotto v2"));
        assertThat(sottos)
                .allSatisfy(
                        sotto -> assertThat(sotto.api().get("/v1/event/list").findValuesAsText("Name"))
                                .as("events at %s", sotto.name())
                                .containsExactlyInAnyOrder("by-serf", "by-sotto"));
    }

    private static List<String> answersTo(SerfProcess serf) {
        JsonNode answer = NodeFiles.parse(serf.verb("query", "-format=json", "-timeout=10s", "load", "serf"));
        assertThat(answer.get("Acks")).hasSize(2 * OF_EACH_KIND);
        return answer.get("Responses").properties().stream()
                .map(response -> response.getValue().asText())
                .toList();
    }

    private static List<String> answersTo(AnsweringAgent sotto) {
        Command query = sotto.verb("query", "-timeout", "10s", "load", "sotto");
        assertThat(query.exit()).as("%s%s", query.out(), query.err()).isZero();
        assertThat(query.out()).contains("Total Acks: 10", "Total Responses: 10");
        return query.out()
                .lines()
                .filter(line -> line.startsWith("Response from "))
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
    }

    private void everybodyAnswers(List<String> answers) {
        assertThat(answers)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, OF_EACH_KIND)
                        .boxed()
                        .flatMap(i -> Stream.of("load of serf-" + i, "load of sotto-" + i))
                        .toList());
    }

    private void everybodyIsReached() {
        assertThat(serfs.get(4).verb("reachability")).contains("Successfully contacted all live nodes");
        Command ours = sottos.get(4).verb("reachability");
        assertThat(ours.out()).contains("live members: 10", "Successfully contacted all live nodes");
        assertThat(ours.exit()).isZero();
    }

    private Path eventsOf(String serf) {
        return directory.resolve(serf + ".events");
    }

    private List<String> lines(String serf) {
        Path file = eventsOf(serf);
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String eventScript(String serf) {
        return "printf '%s %s\\n' \"$SERF_USER_EVENT\" \"$(cat)\" >>'"
                + eventsOf(serf).toAbsolutePath() + "'\n";
    }

    private static String queryScript(String serf) {
        return "cat >/dev/null\nprintf 'load of %s' " + serf + "\n";
    }

    private Path handler(String name, String body) {
        Path file = directory.resolve(name + ".sh").toAbsolutePath();
        try {
            Files.writeString(file, "#!/bin/sh\n" + body);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
