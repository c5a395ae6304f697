package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Endpoint;
import io.sotto.wire.Octets;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Sends datagrams from the bound port.
 *
 * <p>In: a batch of finished datagrams. Buffer: none, sending is one system call each. What the network does not take is
 * counted and lost, as datagrams are.
 */
final class DatagramSink extends GraphStage<SinkShape<Batch<OutFrame>>> {
    private final Inlet<Batch<OutFrame>> in = Inlet.create("DatagramSink.in");
    private final SinkShape<Batch<OutFrame>> shape = SinkShape.of(in);
    private final Endpoint endpoint;
    private final DatapathCounters counters;

    DatagramSink(Endpoint endpoint, DatapathCounters counters) {
        this.endpoint = endpoint;
        this.counters = counters;
    }

    @Override
    public SinkShape<Batch<OutFrame>> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("DatagramSink");
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    grab(in).items().forEach(DatagramSink.this::send);
                    pull(in);
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }
    }

    private void send(OutFrame frame) {
        if (endpoint.send(frame.to(), Octets.wrap(frame.bytes()))) {
            counters.sent.increment();
            counters.sentBytes.add(frame.bytes().length);
        } else {
            counters.outboundFailed.increment();
        }
    }
}
