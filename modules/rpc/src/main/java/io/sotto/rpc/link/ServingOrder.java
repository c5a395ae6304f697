package io.sotto.rpc.link;

import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import org.jspecify.annotations.Nullable;

/** What other threads hand to a connection that serves calls. */
sealed interface ServingOrder {
    record Answered(
            ServedStream stream,
            Running running,
            @Nullable RpcAnswer answer,
            @Nullable Throwable failure) implements ServingOrder {}

    record SeriesBegun(ServedStream stream, Running running, SeriesSink.Demand demand) implements ServingOrder {}

    record SeriesElement(ServedStream stream, Running running, Octets body) implements ServingOrder {}

    record SeriesEnded(
            ServedStream stream,
            Running running,
            RpcAnswer.Streamed series,
            @Nullable Throwable failure) implements ServingOrder {}

    /** No further calls, and an end once those under way have ended. */
    enum Drain implements ServingOrder {
        DRAIN
    }
}
