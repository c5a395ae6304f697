package io.sotto.cluster;

import static io.sotto.cluster.UpshiftWorld.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of an upshift of gossip and a rotation of its key, one goes on and the other does not begin; over real connections. */
@DisplayName("one that changes keys")
class UpshiftOrRotationTest {
    private static final String KEYED = "encrypt = \"AAECAwQFBgcICQoLDA0ODw==\"";

    @TempDir
    private Path directory;

    private UpshiftWorld world;

    @BeforeEach
    void setUp() {
        world = new UpshiftWorld(directory);
    }

    @AfterEach
    void tearDown() {
        world.close();
    }

    @Test
    void keepsARotationFromBeginningOnAnyMember() {
        List.of("a", "b").forEach(world::start);
        world.together();
        await(world.sotto("a").upshift().next(UpshiftRequest.of(UpshiftKind.GOSSIP)));
        world.until(() -> !world.file("b", "upshift/gossip.journal").isEmpty());

        for (String name : List.of("a", "b")) {
            for (RotationMachine.Beginning beginning : RotationMachine.Beginning.values()) {
                RotationProgress told = last(rotate(name, beginning));
                assertThat(told.outcome()).as(name).contains(RotationOutcome.REFUSED);
                assertThat(told.text())
                        .isEqualTo("an upshift of gossip is under way, driven by a: wait for its end, or call it off"
                                + " (sotto upshift gossip abort)");
            }
        }
    }

    @Test
    void keepsNoRotationFromBeginningOnWhoMissedItsEnd() throws IOException {
        List.of("a", "b").forEach(world::start);
        world.together();
        assertThat(last(world.run("a", UpshiftKind.GOSSIP)).record().flatMap(UpshiftRecord::outcome))
                .contains(UpshiftOutcome.FINISHED);
        world.stop("b");
        UpshiftRecord ended =
                UpshiftJournal.parse(world.file("b", "upshift/gossip.journal")).orElseThrow();
        Files.writeString(
                directory.resolve("b/upshift/gossip.journal"),
                world.file("b", "upshift/gossip.journal")
                        .replace("outcome finished\n", "outcome \n")
                        .replace("revision " + ended.revision() + "\n", "revision " + (ended.revision() - 1) + "\n"));
        world.start("b");
        world.together();
        assertThat(UpshiftJournal.parse(world.file("b", "upshift/gossip.journal"))
                        .orElseThrow()
                        .outcome())
                .isEmpty();

        assertThat(last(rotate("b", RotationMachine.Beginning.SETTLED)).outcome())
                .isEmpty();
    }

    @Test
    void keepsAnUpshiftFromBeginningOnAnyMember() {
        List.of("a", "b").forEach(name -> world.start(name, KEYED + ", key-rotation.grace = 1h"));
        world.together();
        world.sotto("a")
                .lan()
                .clusterKeyring()
                .rotate(RotationMachine.Beginning.SETTLED)
                .runWith(Sink.ignore(), world.kit("a").system());
        world.until(
                () -> await(world.sotto("a").lan().clusterKeyring().rotation()).phase() == RotationPhase.WAITING);
        String key = await(world.sotto("a").lan().clusterKeyring().rotation())
                .newKey()
                .orElseThrow();

        for (String name : List.of("a", "b")) {
            UpshiftProgress told = last(world.run(name, UpshiftKind.GOSSIP));
            assertThat(told.record().flatMap(UpshiftRecord::outcome)).as(name).contains(UpshiftOutcome.REFUSED);
            assertThat(told.text())
                    .isEqualTo("a rotation to key " + key + " is under way, driven by a: wait for its end");
        }
    }

    private List<RotationProgress> rotate(String name, RotationMachine.Beginning beginning) {
        return await(world.sotto(name)
                .lan()
                .clusterKeyring()
                .rotate(beginning)
                .takeWhile(progress -> progress.phase() == RotationPhase.SURVEYING, true)
                .runWith(Sink.seq(), world.kit(name).system()));
    }

    private static <T> T last(List<T> told) {
        return told.get(told.size() - 1);
    }
}
