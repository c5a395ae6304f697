package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Endpoint;
import io.sotto.wire.Limits;
import io.sotto.wire.crypto.Sealer;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The two ways of datagrams, as blueprints: whoever owns the transport runs each once per {@link Endpoint}.
 *
 * <p>Neither ends by itself; the way in fails when the socket is lost, and its owner then binds anew and runs both again.
 * The stages of each way run as one island: one actor, one hop per batch. Source: design, "Data's way through the house".
 */
public final class Datapath {
    private final Supplier<WirePolicy> policy;
    private final DatapathSettings settings;
    private final Inspection inspection;
    private final DatapathCounters counters;
    private final Supplier<SourceRate> rates;

    private Datapath(
            Supplier<WirePolicy> policy,
            DatapathSettings settings,
            Inspection inspection,
            DatapathCounters counters,
            Supplier<SourceRate> rates) {
        this.policy = policy;
        this.settings = settings;
        this.inspection = inspection;
        this.counters = counters;
        this.rates = rates;
    }

    /**
     * The two ways of one pool.
     *
     * @param policy gives the snapshot in force; called once per batch, must not block
     * @param inspection what is kept about what comes in
     * @param rates gives each way in a limit of its own on what one source sends
     */
    public static Datapath create(
            Supplier<WirePolicy> policy,
            DatapathSettings settings,
            Inspection inspection,
            DatapathCounters counters,
            Supplier<SourceRate> rates) {
        return new Datapath(policy, settings, inspection, counters, rates);
    }

    /**
     * The way in: {@code DatagramSource -> Admit -> StripLabel -> Open -> VerifyCrc -> Unwrap -> Decode}.
     *
     * <p>Gives the messages of each batch in order of arrival, never an empty list.
     */
    public Source<List<Inbound>, NotUsed> inbound(Endpoint endpoint) {
        Limits limits = settings.limits();
        RejectionLog rejections = inspection.rejections();
        return Source.fromGraph(new DatagramSource(
                        endpoint, policy, settings.inboundQueueMaxBytes(), counters, inspection.evidence()))
                .via(new BatchStage<>("Admit", () -> new Admit(limits, rates.get(), rejections)))
                .via(new BatchStage<>("StripLabel", () -> new StripLabel(rejections)))
                .via(new BatchStage<>("Open", () -> new Open(inspection)))
                .via(new BatchStage<>("VerifyCrc", () -> new VerifyCrc(rejections)))
                .via(new BatchStage<>("Unwrap", () -> new Unwrap(limits, rejections)))
                .via(new BatchStage<>("Decode", () -> new Decode(limits, rejections)))
                .map(Batch::items);
    }

    /**
     * The way out: {@code Outbox -> PackCompound -> Compress -> AddCrc -> Seal -> AddLabel -> DatagramSink}.
     *
     * @param sealers gives a sealer that nobody else uses, with nonces that no other sealer gives
     */
    public RunnableGraph<Outbox> outbound(Endpoint endpoint, Supplier<Sealer> sealers) {
        return Source.fromGraph(new OutboxSource(policy, settings, counters))
                .via(new BatchStage<>("PackCompound", () -> new OutboundStep.PackCompound(counters)))
                .via(new BatchStage<>("Compress", () -> new OutboundStep.Compress(counters)))
                .via(new BatchStage<>("AddCrc", () -> new OutboundStep.AddCrc(counters)))
                .via(new BatchStage<>("Seal", () -> new Seal(sealers.get(), counters)))
                .via(new BatchStage<>("AddLabel", () -> new OutboundStep.AddLabel(counters)))
                .to(Sink.fromGraph(new DatagramSink(endpoint, counters)));
    }
}
