package io.sotto.wire.stream;

import io.sotto.wire.Rejection;
import java.util.Optional;

/** How far a {@link StreamReader} has come. */
public sealed interface StreamProgress {
    /** The message is not whole yet. */
    enum NeedMore implements StreamProgress {
        INSTANCE
    }

    /**
     * The message is whole; bytes after it are ignored.
     *
     * @param sealed whether it came in an authentic seal
     * @param droppedRecords push/pull records left out because a value in them is outside its bounds
     */
    record Complete(StreamMessage message, boolean sealed, int droppedRecords) implements StreamProgress {}

    /**
     * The stream is to be closed.
     *
     * @param errorForPeer what to tell the peer first, as {@code SwimMessage.Err}; most refusals just close
     */
    record Refused(Rejection.Reason reason, String detail, Optional<String> errorForPeer) implements StreamProgress {}
}
