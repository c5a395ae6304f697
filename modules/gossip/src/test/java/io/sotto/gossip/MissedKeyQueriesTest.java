package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.PoolCounters.QueryEnd;
import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.membership.EventSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key operations of pools of five, of which the first question does not reach one, in virtual time. */
class MissedKeyQueriesTest {
    private static final String OLD = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String NEW = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /** What a query is given in a pool of one to nine members. */
    private static final Duration QUERY_TIME = Duration.ofMillis(3_200);

    private KeyPools keys;

    @BeforeEach
    void setUp() {
        keys = new KeyPools();
    }

    @AfterEach
    void tearDown() {
        keys.close();
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void whomTheFirstQuestionDidNotReachDoesItByTheSecond(KeyOperation operation) {
        List<Node> nodes = fiveThatHold(OLD, NEW);

        KeyReport report = reportOf(beginCutOff(nodes, operation));

        assertThat(report).matches(KeyReport::isDoneEverywhere);
        assertThat(report.members()).isEqualTo(5);
        assertThat(report.answers().keySet()).containsExactly("a", "b", "c", "d", "e");
        assertThat(nodes)
                .allSatisfy(node -> assertThat(KeyPools.ids(node))
                        .isEqualTo(
                                switch (operation) {
                                    case LIST, INSTALL -> KeyPools.ids(OLD, NEW);
                                    case USE -> KeyPools.ids(NEW, OLD);
                                    case REMOVE -> KeyPools.ids(OLD);
                                }));
        assertThat(nodes.get(0).state().counters().queries.count(QueryEnd.ASKED))
                .as("questions, that for the new key among them")
                .isEqualTo(3);
    }

    @Test
    void whoAsksUsesTheNewKeyOnlyWhenTheSecondQuestionIsDoneWith() {
        List<Node> nodes = fiveThatHold(OLD, NEW);
        Node a = nodes.get(0);

        VirtualSystem.Recorder<KeyReport> reports = beginCutOff(nodes, KeyOperation.USE);
        keys.pools.virtual.passUntil(
                "all others to use the new key",
                () -> {
                    boolean doTheOthers = nodes.subList(1, 5).stream().allMatch(MissedKeyQueriesTest::usesTheNewKey);
                    assertThat(usesTheNewKey(a) && !doTheOthers)
                            .as("whether who asks was before the others")
                            .isFalse();
                    return doTheOthers;
                },
                QUERY_TIME);

        assertThat(reportOf(reports)).matches(KeyReport::isDoneEverywhere);
        assertThat(usesTheNewKey(a)).isTrue();
    }

    @Test
    void whoStaysSilentIsNamedAfterBothQuestionsOfWhichTheSecondIsForItAlone() {
        List<Node> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            nodes.add(keys.sotto(name, VirtualPools.keyed(OLD)));
        }
        Node silent = withoutRoomForAnswers("e");
        nodes.add(silent);
        keys.joined(nodes);

        VirtualSystem.Recorder<KeyReport> reports = keys.begin(nodes.get(0), KeyOperation.LIST);
        Duration waited =
                keys.pools.virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(20));

        assertThat(waited).isEqualTo(QUERY_TIME.multipliedBy(2));
        assertThat(reports.all().get(0).silent()).containsExactly("e");
        assertThat(reports.all().get(0).members()).isEqualTo(5);
        assertThat(reports.all().get(0).answers().keySet()).containsExactly("a", "b", "c", "d");
        assertThat(handledBy(silent)).as("questions").isEqualTo(2);
        assertTheSecondWasFor(silent, nodes);
    }

    @Test
    void whereAllAnswerNobodyIsAskedTwice() {
        List<Node> nodes = fiveThatHold(OLD);

        assertThat(keys.ask(nodes.get(0), KeyOperation.INSTALL, NEW)).matches(KeyReport::isDoneEverywhere);
        keys.pools.virtual.pass(QUERY_TIME.multipliedBy(3));

        assertThat(nodes.get(0).state().counters().queries.count(QueryEnd.ASKED))
                .isEqualTo(1);
    }

    @Test
    void statusReadsTheRingsOfWhomItsFirstQuestionsDidNotReachSottosAndOthers() {
        List<Node> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            nodes.add(keys.sotto(name, VirtualPools.keyed(OLD)));
        }
        nodes.add(keys.other("other", VirtualPools.keyed(OLD)));
        nodes.add(keys.sotto("e", VirtualPools.keyed(OLD)));
        keys.joined(nodes);
        VirtualSystem.Recorder<KeyReport> reports = keys.pools.virtual.recorder();
        keys.pools.virtual.tolerateWarning("Refuting a suspect message");

        List<InetAddress> missed = nodes.subList(4, 6).stream()
                .map(node -> node.address().getAddress())
                .toList();
        keys.pools.network.link((from, to) -> !missed.contains(from.getAddress()) && !missed.contains(to.getAddress()));
        keys.pools.virtual.tell(nodes.get(0).pool(), new GossipPool.KeyStatus(0, reports.ref()));
        keys.pools.virtual.pass(QUERY_TIME);
        keys.pools.heal();

        KeyReport status = reportOf(reports);
        assertThat(status.silent()).isEmpty();
        assertThat(status.answers().keySet()).containsExactly("a", "b", "c", "d", "e", "other");
        assertThat(status.answers().values())
                .allSatisfy(answer -> assertThat(answer.keys()).hasSize(1))
                .allMatch(MemberKeys::done);
    }

    private List<Node> fiveThatHold(String primary, String... more) {
        List<Node> nodes = keys.formed(VirtualPools.keyed(primary), "a", "b", "c", "d", "e");
        for (String key : more) {
            assertThat(keys.ask(nodes.get(0), KeyOperation.INSTALL, key)).matches(KeyReport::isDoneEverywhere);
        }
        keys.pools.virtual.pass(QUERY_TIME);
        return nodes;
    }

    /** A member that does as it is asked, and whose lists of keys are longer than what it may send. */
    private Node withoutRoomForAnswers(String name) {
        return keys.pools.start(name, settings -> {
            PoolRules rules = settings.rules();
            EventSettings events = rules.serf().events();
            EventSettings tight =
                    events.with(events.userEventMaxBytes(), events.queryMaxBytes(), 1, events.resolveNameConflicts());
            return settings.withKeys(VirtualPools.keyed(OLD))
                    .withMeta(Tags.encode(Map.of(SottoQuery.TAG, SottoQuery.TAG_VALUE)))
                    .withRules(new PoolRules(
                            rules.self(),
                            rules.timing(),
                            rules.serf().withEvents(tight),
                            rules.admission(),
                            rules.networks(),
                            rules.claims()));
        });
    }

    /** The first asks; the last is cut off until the time of the first question is over. */
    private VirtualSystem.Recorder<KeyReport> beginCutOff(List<Node> nodes, KeyOperation operation) {
        Node missed = nodes.get(4);
        long heard = handledBy(missed);
        keys.pools.virtual.tolerateWarning("Refuting a suspect message");
        keys.pools.cutOff(missed);
        VirtualSystem.Recorder<KeyReport> reports = operation == KeyOperation.LIST
                ? keys.begin(nodes.get(0), operation)
                : keys.begin(nodes.get(0), operation, NEW);
        keys.pools.virtual.pass(QUERY_TIME);
        assertThat(handledBy(missed)).isEqualTo(heard);
        keys.pools.heal();
        return reports;
    }

    private KeyReport reportOf(VirtualSystem.Recorder<KeyReport> reports) {
        keys.pools.virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(20));
        return reports.all().get(0);
    }

    private static boolean usesTheNewKey(Node node) {
        return KeyPools.ids(node).equals(KeyPools.ids(NEW, OLD));
    }

    private static long handledBy(Node node) {
        return node.state().counters().queries.count(QueryEnd.HANDLED);
    }

    /** All others, who asks among them, heard that it is not for them. */
    private static void assertTheSecondWasFor(Node one, List<Node> nodes) {
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.state().counters().queries.count(QueryEnd.NOT_MEANT))
                        .as("second questions for others, at %s", node.name())
                        .isEqualTo(node.equals(one) ? 0 : 1));
    }
}
