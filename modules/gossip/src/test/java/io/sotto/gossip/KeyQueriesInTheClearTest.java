package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.PoolCounters.AnswerEnd;
import io.sotto.gossip.PoolCounters.QueryEnd;
import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No key operation travels or is obeyed in the clear, whatever the demands are and however they change. */
class KeyQueriesInTheClearTest {
    private static final String OLD = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String NEW = "oKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr8=";
    private static final String CAME_IN_THE_CLEAR = "a query that counts only sealed came in the clear";
    private static final Duration OVER = Duration.ofSeconds(5);

    private KeyPools keys;

    @BeforeEach
    void setUp() {
        keys = new KeyPools();
        keys.pools.virtual.tolerateWarning("plaintext is accepted");
    }

    @AfterEach
    void tearDown() {
        keys.close();
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void whatIsForgedInTheClearChangesNoRingIsNotAnsweredAndNotPassedOn(KeyOperation operation) {
        List<Node> nodes = keys.formed(open(), "a", "b", "c");
        keys.pools.virtual.expectWarning(CAME_IN_THE_CLEAR);
        Node b = nodes.get(1);
        long answered = b.state().counters().answers.count(AnswerEnd.SENT);

        for (int id = 1; id <= 3; id++) {
            keys.serf.inject(nodes.get(0).address(), b, query(nodes.get(0), operation, 5, id));
        }
        keys.pools.virtual.pass(OVER);

        assertThat(KeyPools.ids(b)).isEqualTo(KeyPools.ids(OLD));
        assertThat(b.state().counters().queries.count(QueryEnd.KEYS_IGNORED)).isEqualTo(3);
        assertThat(b.state().rejections().count(Rejection.Reason.PLAINTEXT)).isEqualTo(3);
        assertThat(b.state().counters().answers.count(AnswerEnd.SENT)).isEqualTo(answered);
        assertThat(b.state().counters().queued.count(Broadcasts.Transmitted.QUERY))
                .isZero();
        assertNothingOf(0, NEW);
    }

    @Test
    void aForgedOneDoesNotStandInTheWayOfTheSealedOne() {
        List<Node> nodes = keys.formed(open(), "a", "b");
        keys.pools.virtual.expectWarning(CAME_IN_THE_CLEAR);
        Node b = nodes.get(1);
        SerfMessage.Query install = query(nodes.get(0), KeyOperation.INSTALL, 5, 1);

        keys.serf.inject(nodes.get(0).address(), b, install);
        assertThat(KeyPools.ids(b)).isEqualTo(KeyPools.ids(OLD));
        injectSealed(nodes.get(0), b, install);
        keys.pools.virtual.pass(OVER);

        assertThat(KeyPools.ids(b)).isEqualTo(KeyPools.ids(OLD, NEW));
    }

    @Test
    void sottosOwnQueriesForKeysAreIgnoredInTheClearToo() {
        List<Node> nodes = keys.formed(open(), "a", "b");
        keys.pools.virtual.expectWarning(CAME_IN_THE_CLEAR);
        SerfMessage.Query pages = named(SottoQuery.KEYS.queryName(), nodes.get(0), 5, 1, Octets.empty());

        keys.serf.inject(nodes.get(0).address(), nodes.get(1), pages);
        keys.pools.virtual.pass(OVER);

        assertThat(nodes.get(1).state().counters().queries.count(QueryEnd.KEYS_IGNORED))
                .isEqualTo(1);
        assertNothingOf(0, OLD);
    }

    @Test
    void whereWhatIsSentNeedNotBeSealedNothingIsAskedAndACaptureHoldsNoKey() {
        List<Node> nodes = keys.formed(open(), "a", "b", "c");
        for (KeyOperation operation : KeyOperation.values()) {
            KeyReport report = operation == KeyOperation.LIST
                    ? keys.ask(nodes.get(0), operation)
                    : keys.ask(nodes.get(0), operation, NEW);
            assertThat(report)
                    .isEqualTo(KeyReport.refused(operation, "keyring operations need encrypt_verify_outgoing"));
        }
        assertThat(keys.status(nodes.get(0)).refused()).contains("keyring operations need encrypt_verify_outgoing");
        keys.pools.virtual.pass(Duration.ofMinutes(1));

        assertThat(nodes).allSatisfy(node -> {
            assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(OLD));
            assertThat(node.state().counters().queries.count(QueryEnd.HANDLED)).isZero();
        });
        assertNothingOf(0, OLD, NEW);
    }

    @Test
    void withoutARingTheyAreRefusedInSerfsWords() {
        List<Node> nodes = keys.formed(KeySettings.none(), "a", "b");

        assertThat(keys.ask(nodes.get(0), KeyOperation.INSTALL, NEW).refused())
                .contains("No keyring to modify (encryption not enabled)");
        assertThat(keys.ask(nodes.get(0), KeyOperation.LIST).refused())
                .contains("Keyring is empty (encryption not enabled)");
        keys.pools.virtual.pass(OVER);

        assertNothingOf(0, NEW);
    }

    @Test
    void whoStillSendsPlaintextObeysWhatCameSealedAndAnswersAndPassesOnSealed() {
        List<Node> nodes =
                List.of(keys.sotto("a", demanding(true)), keys.sotto("b", open()), keys.sotto("c", demanding(true)));
        keys.joined(nodes);
        int before = keys.pools.network.sent().size();

        assertThat(keys.ask(nodes.get(0), KeyOperation.INSTALL, NEW)).matches(KeyReport::isDoneEverywhere);
        KeyReport listed = keys.ask(nodes.get(2), KeyOperation.LIST);
        keys.pools.virtual.pass(OVER);

        assertThat(listed.isDoneEverywhere()).isTrue();
        assertThat(listed.answers().keySet()).containsExactly("a", "b", "c");
        assertThat(KeyPools.ids(nodes.get(1))).isEqualTo(KeyPools.ids(OLD, NEW));
        assertThat(nodes.get(1).state().counters().transmitted.count(Broadcasts.Transmitted.QUERY))
                .as("passed on by who sends plaintext")
                .isPositive();
        assertNothingOf(before, OLD, NEW);
    }

    @Test
    void whatIsUnderWayStaysSealedWhenPlaintextIsTurnedOn() {
        List<Node> nodes = keys.formed(demanding(true), "a", "b", "c");
        int before = keys.pools.network.sent().size();
        Node a = nodes.get(0);
        VirtualSystem.Recorder<Reconfigured> outcomes = keys.pools.virtual.recorder();

        a.pool()
                .tell(new GossipPool.KeyQuery(
                        KeyOperation.INSTALL,
                        Optional.of(GossipKey.parse(NEW)),
                        2,
                        keys.pools.virtual.<KeyReport>recorder().ref()));
        for (Node node : nodes) {
            node.pool().tell(new GossipPool.Reconfigure(plaintext(node), outcomes.ref()));
        }
        keys.pools.virtual.pass(Duration.ofSeconds(30));

        assertThat(outcomes.all()).hasSize(3);
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.state().policy().sealingKey()).isEmpty();
            assertThat(KeyPools.ids(node)).isEqualTo(KeyPools.ids(OLD, NEW));
        });
        assertNothingOf(before, OLD, NEW);
    }

    @Test
    void anAnswerInTheClearDoesNotCount() {
        List<Node> nodes = keys.formed(open(), "a", "b");
        Node a = nodes.get(0);
        VirtualSystem.Recorder<Reconfigured> outcomes = keys.pools.virtual.recorder();
        keys.pools.virtual.tell(a.pool(), new GossipPool.Reconfigure(sealed(a), outcomes.ref()));
        keys.pools.virtual.pass(OVER);
        keys.pools.cutOff(nodes.get(1));

        VirtualSystem.Recorder<KeyReport> reports = keys.begin(a, KeyOperation.INSTALL, NEW);
        Octets done = Octets.wrap(SerfCodec.encode(new SerfMessage.KeyResponse(true, "", List.of(), "")));
        for (long ltime = 1; ltime < 4; ltime++) {
            keys.serf.inject(nodes.get(1).address(), a, new SerfMessage.QueryResponse(ltime, 0, "b", 0, done));
        }
        // It is asked twice.
        keys.pools.virtual.pass(OVER.multipliedBy(2));

        assertThat(a.state().counters().answers.count(AnswerEnd.IN_CLEAR)).isEqualTo(1);
        assertThat(reports.all()).hasSize(1);
        assertThat(reports.all().get(0).silent()).containsExactly("b");
        assertThat(reports.all().get(0).answers().keySet()).containsExactly("a");
    }

    @Test
    void keysInTheClearAreNotPassedOnForOthers() {
        List<Node> nodes = keys.formed(open(), "a", "b", "c");
        keys.pools.virtual.expectWarning("it asks us to pass on keys in the clear");
        Octets listing = Octets.wrap(SerfCodec.encode(new SerfMessage.KeyResponse(true, "", List.of(NEW), NEW)));
        Octets answer = Broadcasts.body(new SerfMessage.QueryResponse(5, 1, "a", 0, listing));
        NodeAddress c = NodeAddress.of(nodes.get(2).address());

        keys.serf.inject(nodes.get(0).address(), nodes.get(1), new SerfMessage.Relay(c, "", "c", answer));
        keys.pools.virtual.pass(OVER);

        assertThat(nodes.get(1).state().rejections().count(Rejection.Reason.PLAINTEXT))
                .isEqualTo(1);
        assertNothingOf(0, NEW);
    }

    private static KeySettings open() {
        return demanding(false);
    }

    private static KeySettings demanding(boolean outgoing) {
        return KeyPools.keyed(OLD, Optional.empty(), false, outgoing);
    }

    private static PoolChange plaintext(Node node) {
        return new PoolChange(
                Optional.empty(),
                false,
                false,
                Octets.empty(),
                List.of(),
                PlaintextUntil.forever(),
                node.state().swim());
    }

    private static PoolChange sealed(Node node) {
        return new PoolChange(
                Optional.empty(),
                false,
                true,
                Octets.empty(),
                List.of(),
                PlaintextUntil.forever(),
                node.state().swim());
    }

    private static SerfMessage.Query query(Node asker, KeyOperation operation, long ltime, long id) {
        Optional<GossipKey> key = operation == KeyOperation.LIST ? Optional.empty() : Optional.of(GossipKey.parse(NEW));
        return named(operation.query().queryName(), asker, ltime, id, KeyMessages.question(key));
    }

    private static SerfMessage.Query named(String name, Node asker, long ltime, long id, Octets payload) {
        return new SerfMessage.Query(
                ltime,
                id,
                NodeAddress.of(asker.address()),
                asker.name(),
                List.of(),
                0,
                2,
                OVER.toNanos(),
                name,
                payload);
    }

    private void injectSealed(Node from, Node to, SerfMessage.Query query) {
        byte[] plain =
                Replies.encode(new SwimMessage.User(Broadcasts.body(query))).toArray();
        Random entropy = new Random(7);
        Sealer sealer = new Sealer(new CountedNonceSource(entropy::nextBytes, () -> 0L, () -> 0L));
        byte[] sealed = sealer.seal(GossipKey.parse(OLD), plain, 0, plain.length, Octets.empty());
        keys.pools.network.inject(from.address(), to.address(), Octets.wrap(sealed));
        keys.pools.virtual.settle();
    }

    /** No datagram from this one on holds one of these keys, raw or in base64, compressed ones included. */
    private void assertNothingOf(int first, String... secrets) {
        List<MemoryNetwork.Sent> sent = keys.pools.network.sent();
        for (MemoryNetwork.Sent datagram : sent.subList(first, sent.size())) {
            for (byte[] form : WireForms.of(datagram.bytes())) {
                for (String secret : secrets) {
                    byte[] raw = GossipKey.parse(secret).bytes(KeyAccess.KEY_QUERY);
                    assertThat(contains(form, raw)).as("a key in %s", datagram).isFalse();
                    assertThat(contains(form, secret.getBytes(StandardCharsets.US_ASCII)))
                            .as("a key in base64 in %s", datagram)
                            .isFalse();
                }
            }
        }
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int at = 0; at + part.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
