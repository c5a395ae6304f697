package io.sotto.agent.port;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Between the network and what is inside of a connection, TLS or HTTP: bytes in, the same bytes out, both ways. Buffered are the
 * first five where TLS is expected, and what comes while the inside is busy, up to some pages: only who reads hears that the other
 * end has gone, which the guest is told at once.
 *
 * <p>It ends connections whose handshake takes too long and those that are silent while nothing is being answered; it tells
 * who speaks plain HTTP to TLS so, in the clear; and once the inside reads no more it goes on reading for a while, since an
 * operating system that is left with unread bytes takes back what was sent. Source: TLS specification, section 5.
 */
final class Doorway extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    /** Go's answer, to the letter. */
    private static final ByteString PLAINTEXT = ByteString.fromString(
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
            StandardCharsets.US_ASCII);

    /** Where TLS would have its version and length, plain HTTP has its method. */
    private static final int HEADER_BYTES = 5;

    /** As long as no more than this is held, more is read. */
    private static final int AHEAD_BYTES = 4_096;

    private static final Duration LINGER = Duration.ofSeconds(1);
    /** Of half the time each: a first one may come right after a byte. */
    private static final int SILENT_TICKS = 3;

    private enum Timer {
        HANDSHAKE,
        IDLE,
        LINGER
    }

    /** What is behind the door. */
    enum Inside {
        HTTP,
        TLS
    }

    private final Inlet<ByteString> fromInside = Inlet.create("Doorway.fromInside");
    private final Outlet<ByteString> toNetwork = Outlet.create("Doorway.toNetwork");
    private final Inlet<ByteString> fromNetwork = Inlet.create("Doorway.fromNetwork");
    private final Outlet<ByteString> toInside = Outlet.create("Doorway.toInside");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            new BidiShape<>(fromInside, toNetwork, fromNetwork, toInside);

    private final Guest guest;
    private final Inside inside;
    private final PortSettings settings;
    private final PortCounters counters;
    private final Optional<ByteString> closed;

    private Doorway(
            Guest guest, Inside inside, PortSettings settings, PortCounters counters, Optional<ByteString> closed) {
        this.guest = guest;
        this.inside = inside;
        this.settings = settings;
        this.counters = counters;
        this.closed = closed;
    }

    static Doorway to(Inside inside, Guest guest, PortSettings settings, PortCounters counters) {
        return new Doorway(guest, inside, settings, counters, Optional.empty());
    }

    /** Nobody is inside: whoever begins with TLS is answered with this alert. */
    static Doorway closed(byte[] alert, Guest guest, PortSettings settings, PortCounters counters) {
        return new Doorway(guest, Inside.TLS, settings, counters, Optional.of(ByteString.fromArray(alert)));
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private ByteString begun = ByteString.emptyByteString();
        private ByteString ahead = ByteString.emptyByteString();
        private boolean isKnown = inside == Inside.HTTP;
        private boolean isInsideGone;
        private int silentTicks;

        Logic() {
            super(shape);
            setHandler(fromNetwork, new AbstractInHandler() {
                @Override
                public void onPush() {
                    received(grab(fromNetwork));
                }

                @Override
                public void onUpstreamFinish() {
                    guest.hangsUp();
                    if (isInsideGone) {
                        completeStage();
                    } else if (ahead.isEmpty()) {
                        complete(toInside);
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable reset) {
                    // Clients go as they please.
                    completeStage();
                }
            });
            setHandler(toInside, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (ahead.isEmpty()) {
                        read();
                    } else {
                        ByteString held = ahead;
                        ahead = ByteString.emptyByteString();
                        push(toInside, held);
                        readAhead();
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    linger();
                }
            });
            setHandler(fromInside, new AbstractInHandler() {
                @Override
                public void onPush() {
                    silentTicks = 0;
                    push(toNetwork, grab(fromInside));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(toNetwork);
                    linger();
                }

                @Override
                public void onUpstreamFailure(Throwable refused) {
                    // Such as a handshake that failed: the alert is on its way.
                    complete(toNetwork);
                    linger();
                }
            });
            setHandler(toNetwork, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isClosed(fromInside) && !hasBeenPulled(fromInside)) {
                        pull(fromInside);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            if (inside == Inside.TLS) {
                scheduleOnce(Timer.HANDSHAKE, settings.handshakeTimeout());
            }
            Duration half = settings.idleTimeout().dividedBy(2);
            scheduleWithFixedDelay(Timer.IDLE, half, half);
        }

        @Override
        public void postStop() {
            guest.leave();
        }

        @Override
        public void onTimer(Object timer) {
            switch ((Timer) timer) {
                case HANDSHAKE -> {
                    if (!guest.hasShakenHands()) {
                        counters.refuse(PortRefusal.HANDSHAKE_TIMEOUT);
                        completeStage();
                    }
                }
                case IDLE -> {
                    silentTicks = guest.waits() ? 0 : silentTicks + 1;
                    if (silentTicks >= SILENT_TICKS) {
                        counters.refuse(PortRefusal.IDLE);
                        completeStage();
                    }
                }
                case LINGER -> completeStage();
            }
        }

        private void received(ByteString bytes) {
            silentTicks = 0;
            if (isInsideGone) {
                read();
            } else if (isKnown && isAvailable(toInside)) {
                push(toInside, bytes);
                readAhead();
            } else if (isKnown) {
                ahead = ahead.concat(bytes);
                readAhead();
            } else {
                begun = begun.concat(bytes);
                look();
            }
        }

        private void look() {
            boolean isLetter = begun.apply(0) >= 'A' && begun.apply(0) <= 'Z';
            if (isLetter && begun.size() < HEADER_BYTES) {
                read();
            } else if (isLetter) {
                turnAway(PortRefusal.PLAINTEXT, PLAINTEXT);
            } else if (closed.isPresent()) {
                turnAway(PortRefusal.NO_CERTIFICATE, closed.get());
            } else {
                isKnown = true;
                push(toInside, begun);
                begun = ByteString.emptyByteString();
                readAhead();
            }
        }

        /** What the inside did not ask for yet; the end of it all comes last. */
        private void readAhead() {
            if (ahead.size() >= AHEAD_BYTES) {
                return;
            }
            if (!isClosed(fromNetwork)) {
                read();
            } else if (ahead.isEmpty() && !isClosed(toInside)) {
                complete(toInside);
            }
        }

        private void turnAway(PortRefusal reason, ByteString words) {
            counters.refuse(reason);
            cancel(fromInside);
            complete(toInside);
            emit(toNetwork, words, () -> complete(toNetwork));
            linger();
        }

        /** The inside is done with reading, or with everything. */
        private void linger() {
            if (!isInsideGone) {
                isInsideGone = true;
                ahead = ByteString.emptyByteString();
                scheduleOnce(Timer.LINGER, LINGER);
                read();
            }
        }

        private void read() {
            if (isClosed(fromNetwork)) {
                if (isInsideGone && isClosed(toNetwork)) {
                    completeStage();
                }
            } else if (!hasBeenPulled(fromNetwork)) {
                pull(fromNetwork);
            }
        }
    }
}
