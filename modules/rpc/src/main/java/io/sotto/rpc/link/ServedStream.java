package io.sotto.rpc.link;

import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import org.jspecify.annotations.Nullable;

/** One stream of requests, answered one after the other: what of it has come, and the call that is being answered. */
final class ServedStream {
    final int id;
    final ObjectSplitter splitter;

    @Nullable
    RequestHeader header;
    /** The header of the call that is being answered, or that was last. */
    RequestHeader answering = new RequestHeader(0, "");

    @Nullable
    Running running;

    SeriesSink.@Nullable Demand series;

    /** Bytes that came while a call was being answered: the peer gets its window back with the next one. */
    int withheld;
    /** What of the splitter's bytes is counted as buffered. */
    int buffered;

    /** Whether it said what it carries, where streams do. */
    boolean hasSaid;

    boolean peerHasFinished;
    boolean isEnding;

    ServedStream(int id, ObjectSplitter splitter) {
        this.id = id;
        this.splitter = splitter;
    }
}
