package io.sotto.rpc.link;

import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import org.jspecify.annotations.Nullable;

/** Carries what a series tells to the connection that it is for. */
record SeriesOrders(Accepted place, ServedStream stream, Running running, RpcAnswer.Streamed series)
        implements SeriesSink.Listener {
    @Override
    public void begun(SeriesSink.Demand demand) {
        if (!place.offer(new Serving.Order.SeriesBegun(stream, running, demand))) {
            demand.stop();
        }
    }

    @Override
    public void element(Octets body) {
        place.offer(new Serving.Order.SeriesElement(stream, running, body));
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        place.offer(new Serving.Order.SeriesEnded(stream, running, series, failure));
    }
}
