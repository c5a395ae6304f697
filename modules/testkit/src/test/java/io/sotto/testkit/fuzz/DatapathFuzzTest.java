package io.sotto.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.Datapath;
import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.datapath.Inbound;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.datapath.SourceRate;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Datagram;
import io.sotto.wire.crypto.Keyring;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thousands of cases of each kind through the production stages: each datagram has its one end, and the right one. */
class DatapathFuzzTest {
    private static final int CASES = 12_000;
    private static final int BATCH = 64;
    private static final int ROOM_BYTES = 1 << 29;

    private final ActorTestKit testKit = ActorTestKit.create();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN,false,false",
        "PLAIN,true,false",
        "SEALED,true,false",
        "FLIPPED,true,false",
        "PLAIN,false,true",
        "SEALED,true,true",
        "FLIPPED,true,true"
    })
    void acceptsNothingThatMustBeRejectedAndAccountsForAll(FuzzKind kind, boolean keyed, boolean labelled)
            throws Exception {
        FuzzTarget plainOrSealed = keyed ? Targets.sealed() : Targets.plain();
        FuzzTarget target = labelled ? plainOrSealed.labelled(Targets.LABEL) : plainOrSealed;
        DatapathCounters counters = new DatapathCounters();
        RejectionLog rejections = RejectionLog.create(InstantSource.system(), line -> {});
        MemoryEndpoint endpoint = new MemoryEndpoint();
        BitSet accepted = new BitSet();
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Datapath.create(() -> policy(target), settings(), Inspection.counting(rejections), counters, SourceRate::none)
                .inbound(endpoint)
                .runWith(Sink.foreach(messages -> mark(messages, accepted)), testKit.system())
                .whenComplete((done, failure) -> ended.set(failure == null ? new AssertionError("ended") : failure));

        Fuzzer fuzzer = Fuzzer.create(Seed.VALUE, target);
        for (int from = 0; from < CASES; from += BATCH) {
            List<Datagram> batch = new ArrayList<>();
            fuzzer.cases(kind, from, Math.min(BATCH, CASES - from))
                    .forEach(made -> batch.add(new Datagram(source((int) made.index()), made.bytes())));
            endpoint.receiver().receive(batch);
        }

        testKit.createTestProbe().awaitAssert(Duration.ofSeconds(60), () -> {
            assertThat(counters.received()).isEqualTo(CASES);
            assertThat(counters.waiting()).isZero();
            return true;
        });
        assertThat(ended.get()).as("how the stages ended; " + Seed.hint()).isNull();
        assertThat(counters.inboundDropped()).as(Seed.hint()).isZero();
        assertThat(counters.accepted() + counters.rejected()).as(Seed.hint()).isEqualTo(CASES);
        assertThat(accepted.cardinality()).as(Seed.hint()).isEqualTo((int) counters.accepted());
        assertThat(fuzzer.cases(kind, 0, CASES)
                        .filter(made -> accepted.get((int) made.index()))
                        .filter(made -> made.verdict() == Verdict.MUST_BE_REJECTED))
                .as("accepted although they must be rejected")
                .isEmpty();
        assertThat(fuzzer.cases(kind, 0, CASES)
                        .filter(made -> !accepted.get((int) made.index()))
                        .filter(FuzzCase::sound))
                .as("rejected although nothing is wrong with them")
                .isEmpty();
    }

    private static DatapathSettings settings() {
        DatapathSettings defaults = DatapathSettings.defaults();
        return new DatapathSettings(
                defaults.limits(), ROOM_BYTES, defaults.outboxMax(), defaults.outboundBatchMax(), 0, 1);
    }

    private static WirePolicy policy(FuzzTarget target) {
        WirePolicy policy =
                target.key().map(key -> WirePolicy.sealed(Keyring.of(key))).orElseGet(WirePolicy::plain);
        return new WirePolicy(
                policy.ring(),
                policy.verifyIncoming(),
                policy.verifyOutgoing(),
                target.label(),
                policy.skipInboundLabelCheck(),
                policy.compression(),
                policy.allowed());
    }

    private static void mark(List<Inbound> messages, BitSet accepted) {
        messages.forEach(message -> accepted.set(index(message.source())));
    }

    /** An address of its own for each case tells which case a message came from, and is below every rate. */
    private static InetSocketAddress source(int index) {
        try {
            byte[] address = {10, (byte) (index >>> 16), (byte) (index >>> 8), (byte) index};
            return new InetSocketAddress(InetAddress.getByAddress(address), 7946);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static int index(InetSocketAddress source) {
        byte[] address = source.getAddress().getAddress();
        return (address[1] & 0xff) << 16 | (address[2] & 0xff) << 8 | (address[3] & 0xff);
    }
}
