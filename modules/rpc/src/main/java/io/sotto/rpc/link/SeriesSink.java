package io.sotto.rpc.link;

import io.sotto.wire.Octets;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Hands the elements of a series to the link, one for each {@link Demand#more}. In: bodies. Buffer: none. However the series
 * ends, the link is told once.
 */
final class SeriesSink extends GraphStage<SinkShape<Octets>> {
    /** How the link asks for elements, and ends the series. Any thread. */
    interface Demand {
        void more();

        void stop();
    }

    /** What the series tells; on its own thread. */
    interface Listener {
        void begun(Demand demand);

        void element(Octets body);

        /** It is over; {@code failure} is null for a whole series. */
        void ended(@Nullable Throwable failure);
    }

    private final Inlet<Octets> in = Inlet.create("SeriesSink.in");
    private final SinkShape<Octets> shape = SinkShape.of(in);
    private final Listener listener;

    SeriesSink(Listener listener) {
        this.listener = listener;
    }

    @Override
    public SinkShape<Octets> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("SeriesSink");
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic implements Demand {
        private final AsyncCallback<Done> more = createAsyncCallback(done -> pullOne());
        private final AsyncCallback<Done> stop = createAsyncCallback(done -> completeStage());
        private final Consumer<@Nullable Throwable> end;
        private boolean isTold;

        Logic() {
            super(shape);
            end = failure -> {
                if (!isTold) {
                    isTold = true;
                    listener.ended(failure);
                }
            };
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    listener.element(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    end.accept(null);
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable cause) {
                    end.accept(cause);
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            listener.begun(this);
        }

        @Override
        public void postStop() {
            end.accept(new IllegalStateException("the series was stopped"));
        }

        @Override
        public void more() {
            more.invoke(Done.getInstance());
        }

        @Override
        public void stop() {
            stop.invoke(Done.getInstance());
        }

        private void pullOne() {
            if (!isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }
    }
}
