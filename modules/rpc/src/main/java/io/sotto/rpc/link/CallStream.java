package io.sotto.rpc.link;

import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** A stream that we opened: the call on it, if there is one, and what of its answer has come. */
final class CallStream {
    final int id;
    final ObjectSplitter splitter;

    @Nullable
    LinkCall call;

    long seq;

    @Nullable
    ResponseHeader header;

    int headerBytes;

    /** Bytes that came and for which the peer has not got its window back. */
    int held;
    /** Elements that whoever reads the series has not taken. */
    int untaken;

    CallStream(int id, ObjectSplitter splitter) {
        this.id = id;
        this.splitter = splitter;
    }
}
