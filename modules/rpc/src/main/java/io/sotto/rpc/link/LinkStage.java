package io.sotto.rpc.link;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Carries one {@link LinkCore} between the two directions of a socket: the whole way from bytes to calls and back is in this
 * stage, and takes no asynchronous hop.
 *
 * <p>In and out: raw bytes. Buffer: what the core holds. The core's end is told to the peer at once; its bytes are then read
 * and thrown away until it closes too, or {@link LinkSettings#linger} is over. A peer that takes nothing for {@link
 * LinkSettings#writeTimeout} is dropped. The stage never fails: whatever happens ends this one connection.
 */
final class LinkStage extends GraphStage<FlowShape<ByteString, ByteString>> {
    private static final String TIMER = "link";

    private final Inlet<ByteString> in = Inlet.create("Link.in");
    private final Outlet<ByteString> out = Outlet.create("Link.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final LinkCore core;
    private final Inbox<?> inbox;
    private final LinkSettings settings;
    private final LinkCounters counters;
    private final LongSupplier clock;

    LinkStage(LinkCore core, Inbox<?> inbox, LinkSettings settings, LinkCounters counters, LongSupplier clock) {
        this.core = core;
        this.inbox = inbox;
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
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
        private final AsyncCallback<Done> wake = createAsyncCallback(done -> {
            long now = begin();
            core.woken(now);
            settle(now);
        });
        private boolean begun;
        private boolean hasSent;
        private boolean farewellSaid;
        private long lingerUntil = Long.MAX_VALUE;
        private long blockedSince = Long.MAX_VALUE;
        private long timerAt = Long.MAX_VALUE;
        private String ending = "the connection was closed";

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString bytes = grab(in);
                    long now = begin();
                    counters.receivedBytes.add(bytes.size());
                    if (!farewellSaid) {
                        byte[] array = bytes.toArrayUnsafe();
                        core.received(array, 0, array.length, now);
                    }
                    settle(now);
                }

                @Override
                public void onUpstreamFinish() {
                    long now = begin();
                    core.inputEnded(now);
                    settle(now);
                }

                @Override
                public void onUpstreamFailure(Throwable cause) {
                    ending = SocketErrors.text(cause);
                    completeStage();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    long now = begin();
                    blockedSince = Long.MAX_VALUE;
                    if (!begun) {
                        begun = true;
                        core.begin(now);
                    }
                    settle(now);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    if (!(cause instanceof SubscriptionWithCancelException.NonFailureCancellation)) {
                        ending = SocketErrors.text(cause);
                    }
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            inbox.wakeBy(() -> wake.invoke(Done.getInstance()));
            settle(clock.getAsLong());
        }

        @Override
        public void onTimer(Object key) {
            timerAt = Long.MAX_VALUE;
            long now = begin();
            if (now - lingerUntil >= 0 && lingerUntil != Long.MAX_VALUE) {
                completeStage();
                return;
            }
            if (blockedSince != Long.MAX_VALUE
                    && now - blockedSince >= settings.writeTimeout().toNanos()
                    && core.hasOutput()) {
                counters.refuse(LinkRefusal.WRITE_TIMEOUT);
                ending = "the peer took nothing for " + settings.writeTimeout().toSeconds() + " s";
                completeStage();
                return;
            }
            core.tick(now);
            settle(now);
        }

        @Override
        public void postStop() {
            inbox.close();
            core.lost(ending);
        }

        private long begin() {
            inbox.awake();
            return clock.getAsLong();
        }

        /** Sends, asks for more, and rests. */
        private void settle(long now) {
            do {
                if (begun && !farewellSaid) {
                    send(now);
                }
            } while (!isClosed(out) && !inbox.rest() && again(now));
            if (isClosed(in)) {
                if (farewellSaid) {
                    completeStage();
                    return;
                }
            } else if (!hasBeenPulled(in) && (farewellSaid || core.takesInput())) {
                pull(in);
            }
            schedule(now);
        }

        private boolean again(long now) {
            core.woken(now);
            return true;
        }

        private void send(long now) {
            if (isAvailable(out)) {
                ByteString bytes = core.takeOutput();
                if (bytes != null) {
                    counters.sentBytes.add(bytes.size());
                    push(out, bytes);
                    hasSent = true;
                    blockedSince = now;
                }
            }
            if (core.isFinished() && !core.hasOutput()) {
                farewellSaid = true;
                if (!hasSent) {
                    // Nothing that the peer would have to read before the connection may be reset.
                    completeStage();
                    return;
                }
                lingerUntil = now + settings.linger().toNanos();
                complete(out);
            }
        }

        private void schedule(long now) {
            long next = farewellSaid ? lingerUntil : core.nextTimerNanos();
            if (blockedSince != Long.MAX_VALUE && !farewellSaid && core.hasOutput()) {
                next = Math.min(next, blockedSince + settings.writeTimeout().toNanos());
            }
            if (next < timerAt) {
                timerAt = next;
                scheduleOnce(TIMER, Duration.ofNanos(Math.max(next - now, TimeUnit.MILLISECONDS.toNanos(1))));
            }
        }
    }
}
