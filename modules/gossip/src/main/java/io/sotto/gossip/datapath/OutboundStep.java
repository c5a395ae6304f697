package io.sotto.gossip.datapath;

import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.packet.Compression;
import io.sotto.wire.packet.Label;
import java.util.List;

/**
 * The body of a stage of the way out: the mirror of the way in. What it throws costs one datagram, which is never sent in
 * a lesser form instead.
 *
 * <p>Source: gossip specification, section 4.
 */
interface OutboundStep<I> extends Step<I, OutFrame> {
    DatapathCounters counters();

    @Override
    default void failed(I item, WirePolicy policy, Throwable failure) {
        counters().outboundFailed.increment();
    }

    /** One part stays bare, several become a compound, more than 255 become several datagrams. */
    record PackCompound(DatapathCounters counters) implements OutboundStep<Outbound> {
        @Override
        public String name() {
            return "PackCompound";
        }

        @Override
        public void on(Outbound outbound, WirePolicy policy, List<OutFrame> out) {
            if (outbound.parts().size() == 1) {
                out.add(frame(outbound, outbound.parts().get(0).toArray()));
                return;
            }
            for (byte[] compound : Compound.pack(outbound.parts())) {
                out.add(frame(outbound, compound));
            }
        }

        private static OutFrame frame(Outbound outbound, byte[] bytes) {
            return new OutFrame(outbound.to(), bytes, outbound.peerReadsChecksum(), outbound.sealing());
        }
    }

    /** Compresses, when that is on and makes the datagram shorter. */
    record Compress(DatapathCounters counters) implements OutboundStep<OutFrame> {
        @Override
        public String name() {
            return "Compress";
        }

        @Override
        public void on(OutFrame frame, WirePolicy policy, List<OutFrame> out) {
            out.add(policy.compression() ? frame.with(Compression.compressIfShorter(frame.bytes())) : frame);
        }
    }

    /** Adds a checksum for receivers that are known to read it. */
    record AddCrc(DatapathCounters counters) implements OutboundStep<OutFrame> {
        @Override
        public String name() {
            return "AddCrc";
        }

        @Override
        public void on(OutFrame frame, WirePolicy policy, List<OutFrame> out) {
            out.add(frame.peerReadsChecksum() ? frame.with(Checksum.add(frame.bytes())) : frame);
        }
    }

    /** Puts our label in front, if we have one. */
    record AddLabel(DatapathCounters counters) implements OutboundStep<OutFrame> {
        @Override
        public String name() {
            return "AddLabel";
        }

        @Override
        public void on(OutFrame frame, WirePolicy policy, List<OutFrame> out) {
            out.add(policy.label().isEmpty() ? frame : frame.with(Label.add(policy.label(), frame.bytes())));
        }
    }
}
