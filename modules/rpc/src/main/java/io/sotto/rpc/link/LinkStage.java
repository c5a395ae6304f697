package io.sotto.rpc.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Carries one {@link LinkCore} on one socket: the whole way from bytes to calls and back is in this stage, on the thread that
 * waits for the socket, and takes no hop to another. With the machine's sockets it must run on a dispatcher of {@code
 * SelectorLoopsConfigurator}.
 *
 * <p>A link begins on one dispatcher and goes on, once it is established, on another: as two stages, one after the other, over
 * the same core and socket. Whatever strangers make costly, handshakes most of all, so holds up no call of those that are known.
 *
 * <p>Out: nothing but the end. Buffer: what the core holds, and one piece that the socket has not taken. The core's end is told
 * to the peer at once; its bytes are then read and thrown away until it closes too, or {@link LinkSettings#linger} is over. A
 * peer that takes nothing for {@link LinkSettings#writeTimeout} is dropped. The stage never fails: whatever happens ends this
 * one connection.
 */
final class LinkStage extends GraphStage<SourceShape<Done>> {
    /** What a link has from its first stage to its last. */
    record Parts(
            LinkSocket socket,
            Optional<InetSocketAddress> dialled,
            LinkCore core,
            Inbox<?> inbox,
            LinkSettings settings,
            LinkCounters counters,
            LongSupplier clock) {}

    private static final String TIMER = "link";
    /** What is sent before others of the thread have their turn; as in reading, of which there is one piece a turn. */
    private static final int PIECES_MAX = 16;

    private final Outlet<Done> out = Outlet.create("Link.out");
    private final SourceShape<Done> shape = SourceShape.of(out);
    private final Parts parts;
    /** Takes the stage that goes on with an established link; empty in that one. */
    private final Optional<Consumer<LinkStage>> onward;

    private LinkStage(Parts parts, Optional<Consumer<LinkStage>> onward) {
        this.parts = parts;
        this.onward = onward;
    }

    /**
     * The stage that a link begins in.
     *
     * @param onward runs the stage that goes on once the link is established
     */
    static LinkStage beginning(Parts parts, Consumer<LinkStage> onward) {
        return new LinkStage(parts, Optional.of(onward));
    }

    @Override
    public SourceShape<Done> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("Link");
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private final LinkSocket socket = parts.socket;
        private final LinkCore core = parts.core;
        private final Inbox<?> inbox = parts.inbox;
        private final LinkSettings settings = parts.settings;
        private final AsyncCallback<Done> wake = createAsyncCallback(done -> turn(false));
        private final AsyncCallback<Done> ready = createAsyncCallback(done -> turn(true));
        private boolean begun = onward.isEmpty();
        private boolean hasMovedOn;
        private boolean farewellSaid;
        private boolean hasMore;
        private long connectBy = Long.MAX_VALUE;
        private long lingerUntil = Long.MAX_VALUE;
        private long blockedSince = Long.MAX_VALUE;
        private long timerAt = Long.MAX_VALUE;
        private String ending = "the connection was closed";

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
            core.lend(LinkBuffers.ofThread());
            inbox.wakeBy(() -> wake.invoke(Done.getInstance()));
            try {
                socket.enter(() -> ready.invoke(Done.getInstance()));
                if (!begun && parts.dialled.isPresent() && !socket.connect(parts.dialled.get())) {
                    long now = parts.clock.getAsLong();
                    connectBy = now + settings.connectTimeout().toNanos();
                    schedule(now);
                    return;
                }
            } catch (IOException | UnresolvedAddressException e) {
                end(SocketErrors.text(e));
                return;
            }
            turn(true);
        }

        @Override
        public void onTimer(Object name) {
            timerAt = Long.MAX_VALUE;
            long now = parts.clock.getAsLong();
            if (isDue(lingerUntil, now)) {
                completeStage();
            } else if (!begun && isDue(connectBy, now)) {
                end("i/o timeout");
            } else if (waitsForRoom() && isDue(blockedUntil(), now)) {
                parts.counters.refuse(LinkRefusal.WRITE_TIMEOUT);
                end("the peer took nothing for " + settings.writeTimeout().toSeconds() + " s");
            } else if (begun) {
                inbox.awake();
                core.tick(now);
                work(now, false);
            } else {
                schedule(now);
            }
        }

        @Override
        public void postStop() {
            if (!hasMovedOn) {
                inbox.close();
                socket.close();
                core.lost(ending);
            }
        }

        /** What came, what is asked for, what is to be sent. */
        private void turn(boolean mayRead) {
            inbox.awake();
            long now = parts.clock.getAsLong();
            if (!begun) {
                try {
                    if (!socket.isConnected() && !socket.finishConnect()) {
                        return;
                    }
                } catch (IOException e) {
                    end(SocketErrors.text(e));
                    return;
                }
                begun = true;
                core.begin(now);
            }
            work(now, mayRead);
        }

        private void work(long now, boolean mayRead) {
            try {
                if (mayRead && takesInput() && !socket.hasInputEnded()) {
                    read(now);
                }
                do {
                    core.woken(now);
                    send(now);
                    if (core.isEstablished() && !socket.isBlocked() && moveOn()) {
                        return;
                    }
                } while (!inbox.rest());
            } catch (IOException e) {
                end(SocketErrors.text(e));
                return;
            }
            if (farewellSaid && (socket.hasInputEnded() || !socket.hasSent())) {
                // Nothing is left that the peer would have to read before the connection may be reset.
                completeStage();
                return;
            }
            socket.rest(takesInput(), waitsForRoom());
            schedule(now);
        }

        private void read(long now) throws IOException {
            byte[] bytes = LinkBuffers.ofThread().received();
            int count = socket.read(bytes);
            if (count < 0) {
                core.inputEnded(now);
            } else if (count > 0) {
                parts.counters.receivedBytes.add(count);
                int taken = farewellSaid ? count : core.received(bytes, 0, count, now);
                while (taken < count && !farewellSaid) {
                    send(now);
                    taken += core.received(bytes, taken, count - taken, now);
                }
            }
        }

        private void send(long now) throws IOException {
            if (farewellSaid) {
                return;
            }
            if (socket.isBlocked()) {
                int count = socket.writeKept();
                if (count > 0) {
                    parts.counters.sentBytes.add(count);
                    blockedSince = now;
                }
            }
            hasMore = false;
            for (int i = 0; !socket.isBlocked(); i++) {
                if (i == PIECES_MAX) {
                    hasMore = true;
                    return;
                }
                ByteBuffer bytes = core.takeOutput();
                if (bytes == null) {
                    break;
                }
                parts.counters.sentBytes.add(socket.write(bytes));
                blockedSince = now;
            }
            if (!socket.isBlocked() && core.isFinished()) {
                farewellSaid = true;
                lingerUntil = now + settings.linger().toNanos();
                socket.endOutput();
            }
        }

        /**
         * Hands an established link over, which nobody knows of but who offers to its inbox; that stays awake until the next
         * stage rests, so no wake-up is lost.
         */
        private boolean moveOn() {
            if (onward.isEmpty()) {
                return false;
            }
            socket.leave();
            try {
                onward.get().accept(new LinkStage(parts, Optional.empty()));
                hasMovedOn = true;
            } catch (IllegalStateException stopping) {
                ending = "the system is stopping";
            }
            completeStage();
            return true;
        }

        private boolean takesInput() {
            return farewellSaid || core.takesInput();
        }

        /** Whether the socket was asked to tell when it takes more. */
        private boolean waitsForRoom() {
            return socket.isBlocked() || hasMore;
        }

        private long blockedUntil() {
            return blockedSince + settings.writeTimeout().toNanos();
        }

        private void schedule(long now) {
            long next = farewellSaid ? lingerUntil : begun ? core.nextTimerNanos() : connectBy;
            if (waitsForRoom()) {
                next = Math.min(next, blockedUntil());
            }
            if (next < timerAt) {
                timerAt = next;
                scheduleOnce(TIMER, Duration.ofNanos(Math.max(next - now, TimeUnit.MILLISECONDS.toNanos(1))));
            }
        }

        private void end(String why) {
            ending = why;
            completeStage();
        }

        private static boolean isDue(long at, long now) {
            return at != Long.MAX_VALUE && now - at >= 0;
        }
    }
}
