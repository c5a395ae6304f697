package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.agent.http.ScriptedUpshifts;
import io.sotto.agent.http.UpshiftAgent;
import io.sotto.agent.json.Json;
import io.sotto.membership.upshift.drive.UpshiftCourse;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verbs of an upshift, over the API of an agent whose upshifts go as they were told beforehand. */
final class UpshiftVerbsTest {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final UpshiftProgress FINISHED = ended(UpshiftOutcome.FINISHED, Map.of());
    private static final ScriptedUpshifts UPSHIFTS = new ScriptedUpshifts();
    private static UpshiftAgent agent;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Runnable> farewells = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        agent = new UpshiftAgent(UPSHIFTS);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @BeforeEach
    void begin() {
        UPSHIFTS.forget();
    }

    @Test
    void eachMemberThatConfirmsIsALineAndEachStageABar() throws Exception {
        UPSHIFTS.running(
                ScriptedUpshifts.at(UpshiftStage.READY, 0),
                ScriptedUpshifts.at(UpshiftStage.READY, 2),
                ScriptedUpshifts.at(UpshiftStage.READY, 2),
                ScriptedUpshifts.at(UpshiftStage.SENDING, 0),
                ScriptedUpshifts.at(UpshiftStage.ENFORCED, 1),
                FINISHED);

        assertThat(run("gossip", "run", false, "-format", "text")).isEqualTo(Exit.DONE);
        assertThat(text(out).lines())
                .containsExactly(
                        "Upshift of gossip 7f3a, driven by n2 (number 3 to drive it), key 1c0216e1",
                        "  n1: has not answered",
                        "  n2: has not answered",
                        "  srv: has not answered",
                        "      in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false",
                        "      then: consul reload",
                        "[....................] 1/3 ready 0/3, waiting for n1, n2, srv",
                        "  n1 is ready, by its own report",
                        "  n2 is ready, by its own report",
                        "[#############.......] 1/3 ready 2/3, waiting for srv",
                        "  srv is ready, by its traffic",
                        "[####################] 1/3 ready: every member holds the key",
                        "  n1: has not answered",
                        "  n2: has not answered",
                        "  srv: has not answered",
                        "      in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false",
                        "      then: consul reload",
                        "[....................] 2/3 sending 0/3, waiting for n1, n2, srv",
                        "  n1 is sending, by its own report",
                        "  n2 is sending, by its own report",
                        "  srv is sending, by its traffic",
                        "[####################] 2/3 sending: every member seals all it sends",
                        "  n1 is enforced, by its own report",
                        "  n2: has not answered",
                        "  srv: has not answered",
                        "      in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false",
                        "      then: consul reload",
                        "[######..............] 3/3 enforced 1/3, waiting for n2, srv",
                        "  n2 is enforced, by its own report",
                        "  srv is enforced, by its traffic",
                        "[####################] 3/3 enforced: every member refuses plaintext",
                        "Done: every member refuses plaintext.");
    }

    @Test
    void whatItWaitsForOnceAllAreThereIsALineAndNotItsEnd() throws Exception {
        UpshiftProgress waits = ScriptedUpshifts.saying(
                ScriptedUpshifts.at(UpshiftStage.SENDING, 3), "all send securely; waits a minute");
        UPSHIFTS.running(waits, waits, FINISHED);

        assertThat(run("gossip", "run", false, "-format", "text")).isEqualTo(Exit.DONE);
        assertThat(text(out).lines().skip(4))
                .containsExactly(
                        "  all send securely; waits a minute",
                        "[####################] 2/3 sending 3/3",
                        "[####################] 2/3 sending: every member seals all it sends",
                        "  n1 is enforced, by its own report",
                        "  n2 is enforced, by its own report",
                        "  srv is enforced, by its traffic",
                        "[####################] 3/3 enforced: every member refuses plaintext",
                        "Done: every member refuses plaintext.");
        UPSHIFTS.standing(waits);
        assertThat(run("gossip", "status", true)).isEqualTo(Exit.PARTIAL);
        assertThat(text(out)).contains("[####################] 2/3 sending 3/3\nall send securely; waits a minute\n");
    }

    @Test
    void onATerminalTheBarIsWrittenOver() throws Exception {
        UPSHIFTS.running(
                ScriptedUpshifts.at(UpshiftStage.READY, 1), ScriptedUpshifts.at(UpshiftStage.READY, 2), FINISHED);

        assertThat(run("gossip", "run", true)).isEqualTo(Exit.DONE);
        String bar = "[######..............] 1/3 ready 1/3, waiting for n2, srv";
        String clear = "\r\u001b[K";
        String end = System.lineSeparator();
        assertThat(text(out))
                .contains(end + bar + clear + "  n2 is ready, by its own report" + end
                        + "[#############.......] 1/3 ready 2/3, waiting for srv" + clear
                        + "  srv is ready, by its traffic")
                .endsWith(end + "Done: every member refuses plaintext." + end);
    }

    @Test
    void elsewhereEachStepIsALineOfJson() throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.at(UpshiftStage.READY, 1), FINISHED);

        assertThat(run("tls", "run", false)).isEqualTo(Exit.DONE);
        List<String> lines = text(out).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(Json.parse(lines.get(0)).get("Done").asLong()).isEqualTo(1);
        assertThat(Json.parse(lines.get(1)).get("Outcome").asText()).isEqualTo("finished");
        assertThat(UPSHIFTS.asked().get(0)).startsWith("run UpshiftRequest[TLS");
    }

    @Test
    void asJsonEachStepIsToldOnceAndOnlyTheLastHasTheOutcome() throws Exception {
        UpshiftProgress closing = ScriptedUpshifts.closing(FINISHED);
        UPSHIFTS.running(
                ScriptedUpshifts.at(UpshiftStage.ENFORCED, 2),
                ScriptedUpshifts.at(UpshiftStage.ENFORCED, 2),
                closing,
                closing,
                FINISHED,
                FINISHED);

        assertThat(run("gossip", "run", true, "-format", "json")).isEqualTo(Exit.DONE);
        assertThat(text(out).lines())
                .extracting(line -> {
                    Json step = Json.parse(line);
                    return step.get("Done").asLong() + " "
                            + step.get("UnderWay").compact() + " "
                            + step.get("Outcome").asText();
                })
                .containsExactly("2 true ", "3 true ", "3 false finished");
    }

    @Test
    void whyItEndedIsToldOnce() throws Exception {
        UpshiftProgress refused = ScriptedUpshifts.saying(ended(UpshiftOutcome.REFUSED, Map.of()), "n2 is bare");
        UPSHIFTS.running(ScriptedUpshifts.at(UpshiftStage.READY, 2), ScriptedUpshifts.closing(refused), refused);

        assertThat(run("gossip", "run", false, "-format", "text")).isEqualTo(Exit.FAILED);
        assertThat(text(out)).containsOnlyOnce("n2 is bare").endsWith("It did not begin. n2 is bare\n");
    }

    @ParameterizedTest
    @CsvSource({"FINISHED, 0", "UNDONE, 1", "TAKEN_OVER, 1"})
    void theExitCodeTellsHowItEnded(UpshiftOutcome outcome, int code) throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.at(UpshiftStage.READY, 1), ended(outcome, Map.of()));

        assertThat(run("gossip", "run", false)).isEqualTo(code);
    }

    @Test
    void calledOffBeforeItIsKnownWhereAllAreNobodyWasMoved() throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.at(
                UpshiftStage.NONE, 3, UpshiftCourse.BACK, Optional.of(UpshiftOutcome.UNDONE), Map.of()));
        run("gossip", "run", false, "-format", "text");
        assertThat(text(out)).contains("Called off: all are at the stage none.");

        String above = """
                {"Id":"7f3a","Driver":"n1","Goal":"none","Confirmed":"none","Course":"back","Outcome":"undone","Done":0,"Of":1,\
                "Members":{"n1":{"Stage":"enforced","Ground":"report"}}}""";
        assertThat(UpshiftText.ending(UpshiftWords.TLS, Json.parse(above)))
                .isEqualTo("Called off before anybody was moved.");
    }

    @Test
    void whoWasLeftOutIsToldInTheEnd() throws Exception {
        UPSHIFTS.running(ended(UpshiftOutcome.FINISHED, Map.of("srv", "anybody from 127.0.0.1")));

        assertThat(run("gossip", "run", false, "-format=text")).isEqualTo(Exit.PARTIAL);
        assertThat(text(out)).endsWith("Done: every member refuses plaintext, but for srv." + System.lineSeparator());
    }

    @Test
    void oneThatIsRefusedSaysWhyAndBecauseOfWhom() throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.saying(ended(UpshiftOutcome.REFUSED, Map.of()), "it would cut srv off"));

        assertThat(run("gossip", "run", true)).isEqualTo(Exit.FAILED);
        assertThat(text(err)).isEqualTo("Error running the upshift: it would cut srv off" + System.lineSeparator());
        assertThat(text(out)).isEmpty();
    }

    @Test
    void whoMayNotIsToldSoByACodeOfItsOwn() throws Exception {
        for (String[] asked : new String[][] {{"run"}, {"next"}, {"abort"}}) {
            assertThat(run("gossip", asked[0], false, "-token=reader")).isEqualTo(Exit.NOT_PERMITTED);
        }
        assertThat(run("gossip", "status", false, "-token=reader")).isEqualTo(Exit.DONE);
        assertThat(run("gossip", "plan", false, "-token=nobody")).isEqualTo(Exit.NOT_PERMITTED);
        assertThat(text(err)).contains("Permission denied");
    }

    @Test
    void anAgentThatIsNotThereIsToldByACodeOfItsOwn() {
        assertThat(Shell.run("upshift", "tls", "run", "-http-addr=127.0.0.1:1").code())
                .isEqualTo(Exit.UNREACHABLE);
    }

    @Test
    void itGoesOnWithoutMembersAndIsVouchedForOnceItIsUnderWay() throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.at(UpshiftStage.READY, 1), FINISHED)
                .standing(ScriptedUpshifts.at(UpshiftStage.READY, 1));

        assertThat(run("gossip", "run", false, "-without", "n/2", "-vouch", "srv=sending", "-force", "-token=s"))
                .isEqualTo(Exit.DONE);
        assertThat(UPSHIFTS.asked())
                .containsExactly(
                        "run UpshiftRequest[GOSSIP, forced, by anybody from 127.0.0.1] token s",
                        "without GOSSIP [n/2] by anybody from 127.0.0.1 token s",
                        "vouch GOSSIP [srv] SENDING token s");
    }

    @Test
    void aKeyOfTheOperatorsOwnIsReadFromItsFile() throws Exception {
        UPSHIFTS.running(FINISHED);
        Path file = Files.writeString(directory.resolve("key"), KEY + "\n");

        assertThat(run("gossip", "run", false, "-key-file", file.toString())).isEqualTo(Exit.DONE);
        assertThat(UPSHIFTS.asked().get(0)).contains(", key ");
        assertThat(text(out)).doesNotContain(KEY.substring(0, 8));
    }

    @Test
    void nextTakesOneStageAndWaitsUntilAllHaveConfirmedIt() throws Exception {
        UPSHIFTS.running(ScriptedUpshifts.at(UpshiftStage.READY, 1))
                .standing(ScriptedUpshifts.waiting(ScriptedUpshifts.at(UpshiftStage.READY, 3)));

        assertThat(run("gossip", "next", false, "-format=text")).isEqualTo(Exit.DONE);
        assertThat(UPSHIFTS.asked()).hasSize(2).last().isEqualTo("status GOSSIP");
        assertThat(text(out))
                .endsWith("[####################] 1/3 ready 3/3, waits to be told to go on" + System.lineSeparator());
    }

    @Test
    void thePlanShowsWhoIsChangedWhoHasToBeAndWhatIsInTheWay() throws Exception {
        UPSHIFTS.planning(new UpshiftPlan(
                UpshiftKind.GOSSIP,
                ScriptedUpshifts.at(UpshiftStage.READY, 2).members(),
                List.of(
                        new UpshiftPlan.Step(
                                UpshiftStage.READY,
                                new TreeMap<>(Map.of("n2", "is given the key")),
                                new TreeMap<>(Map.of("srv", ScriptedUpshifts.MEND))),
                        new UpshiftPlan.Step(
                                UpshiftStage.SENDING,
                                new TreeMap<>(Map.of("n1", "seals all it sends")),
                                new TreeMap<>())),
                new TreeMap<>(Map.of("", "upshift tls comes first", "n2", "is away"))));

        assertThat(run("gossip", "plan", true)).isEqualTo(Exit.PARTIAL);
        assertThat(text(out)).isEqualTo("""
                Node  Stage  Known              Hindrance
                n1    ready  by its own report
                n2    ready  by its own report
                srv   none   by its traffic     has not answered

                1/3 ready: every member holds the key
                  n2: is given the key
                  by hand on srv: in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false
                      then: consul reload
                2/3 sending: every member seals all it sends
                  n1: seals all it sends
                In the way:
                  upshift tls comes first
                  n2: is away
                Once that is out of the way: sotto upshift gossip run
                """);
        out.reset();
        UPSHIFTS.planning(new UpshiftPlan(UpshiftKind.TLS, new TreeMap<>(), List.of(), new TreeMap<>()));
        assertThat(run("tls", "plan", true)).isEqualTo(Exit.DONE);
        assertThat(text(out)).isEqualTo("Nothing is left to do: every member refuses plain calls.\n");
    }

    @Test
    void theStatusShowsEachMemberAndWhatToDoThere() throws Exception {
        UPSHIFTS.standing(ScriptedUpshifts.at(
                UpshiftStage.SENDING,
                1,
                UpshiftCourse.FORWARD,
                Optional.empty(),
                Map.of("n2", "anybody from 10.0.0.1 at 02:10")));

        assertThat(run("gossip", "status", true)).isEqualTo(Exit.PARTIAL);
        assertThat(text(out)).isEqualTo("""
                Upshift of gossip 7f3a, driven by n2 (number 3 to drive it), key 1c0216e1
                [##########..........] 2/3 sending 1/2, waiting for srv
                Node  Stage    Known              Hindrance
                n1    sending  by its own report
                n2    ready    by its own report  has not answered
                srv   ready    by its traffic     has not answered

                Goes on without n2: anybody from 10.0.0.1 at 02:10
                  srv: has not answered
                      in /etc/consul.d/agent.hcl: encrypt_verify_incoming = false
                      then: consul reload
                """);
    }

    @Test
    void infoHasASectionForTheLastOfEachKind() throws Exception {
        assertThat(info()).doesNotContain("upshift");

        UPSHIFTS.standing(ScriptedUpshifts.at(UpshiftStage.SENDING, 1));
        assertThat(info()).contains("""
                serf_lan:
                """).contains("""
                upshift_gossip:
                \tconfirmed = ready
                \tcourse = forward
                \tdriver = n2
                \tgoal = sending
                \tid = 7f3a
                \tkind = gossip
                \toutcome =\s
                \tunder_way = true
                """).doesNotContain("upshift_tls");

        UPSHIFTS.standing(FINISHED);
        assertThat(info()).contains("\toutcome = finished\n\tunder_way = false\n");
    }

    private String info() throws UsageException, UnreachableException {
        out.reset();
        InfoVerb verb = new InfoVerb();
        assertThat(verb.run(
                        verb.flags().parse(List.of("-http-addr=" + agent.address())),
                        new Console(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                Map.of())))
                .isEqualTo(Exit.DONE);
        return text(out);
    }

    @Test
    void withoutOneTheStatusSaysSo() throws Exception {
        assertThat(run("tls", "status", true)).isEqualTo(Exit.DONE);
        assertThat(text(out)).isEqualTo("no upshift is known here\n");
    }

    @Test
    void calledOffItGoesBackAndTellsWhoIsWaitedFor() throws Exception {
        UPSHIFTS.standing(ScriptedUpshifts.at(UpshiftStage.READY, 2, UpshiftCourse.BACK, Optional.empty(), Map.of()));

        assertThat(run("gossip", "abort", true)).isEqualTo(Exit.PARTIAL);
        assertThat(text(out)).contains("[#############.......] going back to ready 2/3, waiting for srv");
        UPSHIFTS.standing(ended(UpshiftOutcome.UNDONE, Map.of()));
        assertThat(run("gossip", "abort", true)).isEqualTo(Exit.DONE);
        assertThat(text(out)).contains("Called off: all are at the stage enforced.");
        UPSHIFTS.standing(UpshiftProgress.none("there is none to call off"));
        assertThat(run("gossip", "abort", true)).isEqualTo(Exit.FAILED);
        assertThat(text(err))
                .isEqualTo("Error calling the upshift off: there is none to call off" + System.lineSeparator());
    }

    @Test
    void whoeverStopsItIsToldHowToLookAndHowToStop() throws Exception {
        UPSHIFTS.running(FINISHED);

        run("tls", "run", true);
        farewells.get(0).run();

        assertThat(text(err))
                .isEqualTo("It goes on without this. How it stands: sotto upshift tls status. To stop it: sotto upshift"
                        + " tls abort." + System.lineSeparator());
        assertThat(farewells).as("taken back at the end").hasSize(2).last().isNull();
    }

    @Test
    void whatIsLeftToWriteDownIsToldOfAllMembersAtOnce() throws Exception {
        Json progress = Json.parse("""
                {"Id":"7f3a","Driver":"n1","Goal":"enforced","Confirmed":"enforced","Course":"forward","Outcome":"finished",
                 "Members":{"n1":{"Stage":"enforced","Ground":"report","Mend":"put into its settings: a = true"},
                            "n2":{"Stage":"enforced","Ground":"report","Mend":"put into its settings: a = true"},
                            "n3":{"Stage":"enforced","Ground":"report","Mend":""}}}""");

        assertThat(UpshiftText.status(UpshiftWords.TLS, progress))
                .endsWith("  n1, n2: put into its settings: a = true\n");
    }

    @Test
    void forHowLongSomebodyIsWaitedForIsNoNewsAndTheEndIsToldOnce() throws Exception {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        UpshiftFollower follower = new UpshiftFollower(UpshiftWords.TLS, UpshiftFollower.Form.TEXT, console);
        String line = """
                {"Id":"7f3a","Driver":"n1","Goal":"sending","Confirmed":"ready","Course":"forward","Outcome":"","Done":0,"Of":1,\
                "Members":{"n1":{"Stage":"ready","Ground":"report","Mend":"put into its settings: a = true"}},\
                "WaitingFor":{"n1":"took a plain call in 3 s ago"}}""";

        follower.line(line);
        follower.line(line.replace("3 s ago", "48 s ago"));
        String end = line.replace("\"Outcome\":\"\"", "\"Outcome\":\"undone\"");
        follower.line(end);
        follower.line(end);

        assertThat(text(out).lines())
                .containsExactly(
                        "Upshift of tls 7f3a, driven by n1",
                        "  n1: took a plain call in 3 s ago",
                        "[....................] 2/3 sending 0/1, waiting for n1",
                        "Called off: all are at the stage sending.",
                        "  n1: put into its settings: a = true");
    }

    @Test
    void namesThatWouldSteerTheTerminalAreShown() {
        Json hostile = Json.of(Map.of("n\u001b[2J", "is\u001b[1Aaway"));
        Json progress = new Json.Fields(Map.of("WaitingFor", hostile, "Goal", Json.of("ready")));

        assertThat(UpshiftText.bar(progress) + UpshiftText.waits(progress)).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"-vouch, srv", "-vouch, srv=none", "-vouch, =ready", "-format, xml", "-key-file, /none/there"})
    void whatCannotBeMeantIsRefused(String flag, String value) {
        assertThatThrownBy(() -> run("gossip", "run", false, flag, value)).isInstanceOf(UsageException.class);
    }

    @Test
    void eachVerbHasAPageAndThereIsNoKeyForTls() {
        for (String kind : List.of("gossip", "tls")) {
            for (String verb : List.of("plan", "run", "next", "status", "abort")) {
                Shell.Ran help = Shell.run("upshift", kind, verb, "-h");
                assertThat(help.code()).isZero();
                assertThat(help.out()).startsWith("Usage: sotto upshift " + kind + " " + verb + " [options]\n\n  ");
            }
        }
        assertThat(Shell.run("upshift", "tls", "run", "-key-file", "x").code()).isEqualTo(Exit.USAGE);
        assertThat(Shell.run("upshift", "gossip").code()).isEqualTo(Exit.USAGE);
        assertThat(Shell.run("upshift", "tls", "status", "x").code()).isEqualTo(Exit.USAGE);
    }

    private int run(String kind, String verb, boolean isTerminal, String... words)
            throws UsageException, UnreachableException {
        UpshiftWords what = kind.equals("tls") ? UpshiftWords.TLS : UpshiftWords.GOSSIP;
        ClientVerb made = switch (verb) {
            case "run", "next" ->
                new UpshiftRunVerb(
                        what,
                        verb.equals("run") ? UpshiftRunVerb.Action.RUN : UpshiftRunVerb.Action.NEXT,
                        isTerminal,
                        millis -> {},
                        last -> {
                            farewells.add(last);
                            return () -> farewells.add(null);
                        });
            case "plan" -> new UpshiftLookVerb(what, UpshiftLookVerb.Action.PLAN, isTerminal);
            case "status" -> new UpshiftLookVerb(what, UpshiftLookVerb.Action.STATUS, isTerminal);
            default -> new UpshiftLookVerb(what, UpshiftLookVerb.Action.ABORT, isTerminal);
        };
        List<String> all = new ArrayList<>(List.of(words));
        all.add(0, "-http-addr=" + agent.address());
        return made.run(
                made.flags().parse(all),
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
    }

    private static UpshiftProgress ended(UpshiftOutcome outcome, Map<String, String> without) {
        return ScriptedUpshifts.at(UpshiftStage.ENFORCED, 3, UpshiftCourse.FORWARD, Optional.of(outcome), without);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
