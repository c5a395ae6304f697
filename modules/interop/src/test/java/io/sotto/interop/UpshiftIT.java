package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Ten agents, three of them servers, go from no TLS to verified TLS by one command, and from plaintext to enforced encryption by
 * another, while every agent calls the servers, and is looked at, every 50 ms: no member is lost to any other, and no call fails.
 */
class UpshiftIT {
    private static final Duration INTERVAL = Duration.ofMillis(50);
    /** How long the wire is listened to: every member probes in every second. */
    private static final Duration LISTENING = Duration.ofSeconds(5);
    /** What a stream of gossip begins with if it is sealed. Source: gossip specification, section 6. */
    private static final String SEALED_STREAM = "0a";

    /** What every agent asks the servers. */
    private static final String CALLED = "Catalog.ListNodes";

    private static final int LOOKS_MIN = 1_000;

    @Test
    void oneCommandForTlsAndOneForGossipLoseNoMemberAndNoCall() {
        try (UpshiftDatacenter<EmbeddedAgent> datacenter =
                        new UpshiftDatacenter<>("upshift of ten", EmbeddedAgent::new).start(3, 7);
                Vigil vigil = Vigil.over(datacenter.agents, PoolNode::members, INTERVAL);
                ReadVigil calls = ReadVigil.over(datacenter.agents, CALLED, "{}", INTERVAL)) {
            calls.awaitReads();
            hearWhatIsPlain(datacenter);

            datacenter.certify(EmbeddedAgent::reload);
            upshift(datacenter, datacenter.agent(0), "tls");
            assertThat(calls.failures()).as("calls after TLS").isEmpty();
            assertThat(vigil.lapses()).as("members after TLS").isEmpty();

            upshift(datacenter, datacenter.agent(1), "gossip");
            calls.awaitReads();
            hearNothingPlain(datacenter);

            assertThat(calls.failures()).as("calls").isEmpty();
            assertThat(vigil.lapses()).as("members").isEmpty();
            assertThat(vigil.samples()).isGreaterThan(LOOKS_MIN);
            assertThat(calls.reads()).isGreaterThan(LOOKS_MIN);
            System.out.println("upshift of ten: " + vigil.samples() + " looks, " + calls.reads() + " calls");
        }
    }

    private static void upshift(UpshiftDatacenter<EmbeddedAgent> datacenter, HttpNode driver, String kind) {
        UpshiftRun run = UpshiftRun.start(driver, datacenter.directory, kind);
        assertThat(run.awaitEnd()).as(run.log()).isZero();
        assertThat(run.last().path("Outcome").asText()).as(run.log()).isEqualTo("finished");
        for (HttpNode agent : datacenter.agents) {
            assertThat(UpshiftRun.status(agent, kind).path("Outcome").asText())
                    .as("as %s knows", agent.name())
                    .isEqualTo("finished");
        }
    }

    /** That the test would notice what it says is not there. */
    private static void hearWhatIsPlain(UpshiftDatacenter<EmbeddedAgent> datacenter) {
        try (Wiretap gossip = datagrams(datacenter, "plain gossip");
                Wiretap rpc = streams(datacenter, "plain rpc", UpshiftDatacenter.RPC_PORT)) {
            listen();
            GossipKey none = GossipKey.parse("AAAAAAAAAAAAAAAAAAAAAA==");
            List<Octets> caught = gossip.datagrams();
            assertThat(caught).hasSizeGreaterThan(datacenter.agents.size());
            assertThat(UpshiftDatacenter.plain(caught, none)).hasSameSizeAs(caught);
            assertThat(rpc.streams()).anyMatch(stream -> text(stream).contains(CALLED));
        }
    }

    private static void hearNothingPlain(UpshiftDatacenter<EmbeddedAgent> datacenter) {
        GossipKey key = UpshiftDatacenter.key(datacenter.agent(0));
        try (Wiretap gossip = datagrams(datacenter, "sealed gossip");
                Wiretap exchanges = streams(datacenter, "sealed exchanges", Site.CONSUL_PORT);
                Wiretap rpc = streams(datacenter, "sealed rpc", UpshiftDatacenter.RPC_PORT)) {
            // New connections, and an exchange of views.
            HttpNode first = datacenter.agent(0);
            datacenter.agents.forEach(agent -> assertThat(agent.api()
                            .put("/v1/agent/join/" + first.site().address())
                            .statusCode())
                    .isEqualTo(200));
            listen();
            List<Octets> caught = gossip.datagrams();
            assertThat(caught).hasSizeGreaterThan(datacenter.agents.size());
            assertThat(UpshiftDatacenter.plain(caught, key))
                    .as("datagrams that the key does not open")
                    .isEmpty();
            assertThat(exchanges.streams())
                    .filteredOn(stream -> stream.isWhole() && stream.bytes().length() > 0)
                    .isNotEmpty()
                    .allSatisfy(stream -> assertThat(stream.bytes().slice(0, 1).toHex())
                            .as(stream.toString())
                            .isEqualTo(SEALED_STREAM));
            assertThat(rpc.streams())
                    .filteredOn(stream -> stream.isWhole()
                            && stream.to().endsWith(":" + UpshiftDatacenter.RPC_PORT)
                            && stream.bytes().length() > 2)
                    .allMatch(UpshiftDatacenter::isTls);
            assertThat(rpc.streams())
                    .allSatisfy(stream -> assertThat(text(stream)).doesNotContain(CALLED));
        }
    }

    private static String text(CaughtStream stream) {
        return new String(stream.bytes().toArray(), StandardCharsets.ISO_8859_1);
    }

    private static void listen() {
        Awaitility.await("listening").pollDelay(LISTENING).forever().until(() -> true);
    }

    private static Wiretap datagrams(UpshiftDatacenter<EmbeddedAgent> datacenter, String name) {
        mayListen();
        return Wiretap.on(
                NodeFiles.directory("upshift of ten, " + name),
                datacenter.agents.stream().map(HttpNode::site).toList());
    }

    private static Wiretap streams(UpshiftDatacenter<EmbeddedAgent> datacenter, String name, int port) {
        mayListen();
        return Wiretap.onStreams(
                NodeFiles.directory("upshift of ten, " + name),
                datacenter.agents.stream().map(agent -> agent.site().ip()).toList(),
                port);
    }

    private static void mayListen() {
        Optional<String> whyNot = Wiretap.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "the wire was not listened to: " + whyNot.orElseThrow());
    }
}
