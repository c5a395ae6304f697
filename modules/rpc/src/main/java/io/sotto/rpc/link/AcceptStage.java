package io.sotto.rpc.link;

import io.sotto.rpc.loop.SelectorLoop;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections until its downstream has enough, and gives each away. Out: nothing but the end, at which the server
 * socket has been closed. It must run on a dispatcher of {@code SelectorLoopsConfigurator}. While the system has no descriptor
 * left it waits, and goes on; those who call wait in the kernel's queue.
 */
final class AcceptStage extends GraphStage<SourceShape<Done>> {
    /** What to do with connections; on the stage's thread. */
    interface Door {
        void accepted(SocketChannel channel);

        /** There was one, but it cannot be taken now. */
        void failed(IOException why);

        /** There will be no more. */
        void closed();
    }

    /** Connections that are taken before others of the loop have their turn. */
    private static final int ACCEPTS_MAX = 16;

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String TIMER = "pause";

    private final Outlet<Done> out = Outlet.create("Accept.out");
    private final SourceShape<Done> shape = SourceShape.of(out);
    private final ServerSocketChannel server;
    private final Door door;

    /** @param server bound, and not blocking; the stage closes it */
    AcceptStage(ServerSocketChannel server, Door door) {
        this.server = server;
        this.door = door;
    }

    @Override
    public SourceShape<Done> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("Accept");
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private final AsyncCallback<Done> ready = createAsyncCallback(done -> accept());
        private @Nullable SelectionKey key;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    // There is nothing to give but the end.
                }
            });
        }

        @Override
        public void preStart() {
            try {
                key = SelectorLoop.current().register(server, () -> {
                    ask(0);
                    ready.invoke(Done.getInstance());
                });
                ask(SelectionKey.OP_ACCEPT);
            } catch (IOException e) {
                door.failed(e);
                failStage(e);
            }
        }

        @Override
        public void onTimer(Object name) {
            accept();
        }

        @Override
        public void postStop() throws IOException {
            SelectorLoop.current().close(server, door::closed);
        }

        private void accept() {
            try {
                for (int i = 0; i < ACCEPTS_MAX; i++) {
                    SocketChannel channel = server.accept();
                    if (channel == null) {
                        break;
                    }
                    door.accepted(channel);
                }
                ask(SelectionKey.OP_ACCEPT);
            } catch (IOException e) {
                door.failed(e);
                scheduleOnce(TIMER, PAUSE);
            }
        }

        private void ask(int operations) {
            SelectionKey known = key;
            if (known != null && known.isValid()) {
                known.interestOps(operations);
            }
        }
    }
}
