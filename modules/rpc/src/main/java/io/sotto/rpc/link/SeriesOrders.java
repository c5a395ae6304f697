package io.sotto.rpc.link;

import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import org.jspecify.annotations.Nullable;

/** Carries what a series tells to the connection that it is for. */
record SeriesOrders(Accepted place, ServedStream stream, Running running, RpcAnswer.Streamed series)
        implements SeriesSink.Listener {
    @Override
    public void begun(SeriesSink.Demand demand) {
        if (!place.offer(new ServingOrder.SeriesBegun(stream, running, demand))) {
            demand.stop();
        }
    }

    @Override
    public void element(Octets body) {
        place.offer(new ServingOrder.SeriesElement(stream, running, body));
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        place.offer(new ServingOrder.SeriesEnded(stream, running, series, failure));
    }
}
