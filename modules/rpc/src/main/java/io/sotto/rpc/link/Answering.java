package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of one connection at their endpoints and says what they answered: once, or as a series that goes on while
 * the peer takes it. One owner, no other thread; answers that are not there at once come by {@link ServingOrder}. Source:
 * RPC specification, section 3.
 */
final class Answering {
    private static final Octets NO_BODY = Octets.hex("80");

    /** How answers get out. */
    interface Out {
        void write(ServedStream stream, ResponseHeader header, Octets body);

        /** Whether all that was written to this stream is on its way. */
        boolean isClear(ServedStream stream);

        /** Whether the peer takes what the connection has to say. */
        boolean hasRoom();

        /** No further calls on this stream. */
        void endStream(ServedStream stream);
    }

    private final Accepted place;
    private final LinkLog log;
    private final LinkCounters counters;
    private final Serving.Caller caller;
    private final Serving.Source source;
    private final Out out;
    private final ArrayDeque<ServedStream> hungry = new ArrayDeque<>();

    Answering(
            Accepted place, LinkLog log, LinkCounters counters, Serving.Caller caller, Serving.Source source, Out out) {
        this.place = place;
        this.log = log;
        this.counters = counters;
        this.caller = caller;
        this.source = source;
        this.out = out;
    }

    /** What an endpoint said; the stream that can go on now, if its call has ended. */
    Optional<ServedStream> take(ServingOrder order) {
        if (order instanceof ServingOrder.Answered answered) {
            if (answered.stream().running == answered.running()) {
                answer(answered.stream(), answered.running(), answered.answer(), answered.failure());
                return Optional.of(answered.stream());
            }
        } else if (order instanceof ServingOrder.SeriesBegun begun) {
            if (begun.stream().running == begun.running()) {
                begun.stream().series = begun.demand();
                begun.demand().more();
            } else {
                begun.demand().stop();
            }
        } else if (order instanceof ServingOrder.SeriesElement element) {
            if (element.stream().running == element.running()) {
                part(element.stream(), element.body());
            }
        } else if (order instanceof ServingOrder.SeriesEnded ended) {
            if (ended.stream().running == ended.running()) {
                endSeries(ended);
                return Optional.of(ended.stream());
            }
        }
        return Optional.empty();
    }

    /** There is room again: series that had to wait go on. */
    void feed() {
        for (int i = hungry.size(); i > 0; i--) {
            askForMore(hungry.removeFirst());
        }
    }

    /** Nobody waits for the answer of this stream any more. */
    void abandon(ServedStream stream) {
        Running running = stream.running;
        if (running != null) {
            stream.running = null;
            counters.serving.decrement();
            counters.faults.increment();
            if (stream.series != null) {
                stream.series.stop();
                stream.series = null;
            }
            running.cancel();
        }
    }

    /** Nothing goes on. */
    void forget() {
        hungry.clear();
    }

    /** Runs one call. */
    void call(ServedStream stream, RequestHeader header, Octets body) {
        Endpoints endpoints = source.endpoints();
        Optional<Endpoints.Served> served = endpoints.find(header.method());
        stream.answering = header;
        if (served.isEmpty()) {
            refuseCall(stream, LinkRefusal.UNKNOWN_METHOD, endpoints.missing(header.method()));
            out.endStream(stream);
        } else if (caller.rolesCount()
                && !caller.shown().role().proves(served.get().required())) {
            refuseCall(
                    stream,
                    LinkRefusal.ROLE,
                    "Permission denied: " + header.method() + " needs the certificate of a "
                            + served.get().required().name().toLowerCase(Locale.ROOT));
        } else {
            Running running = new Running();
            stream.running = running;
            counters.serving.increment();
            PeerIdentity shown = caller.shown();
            IncomingCall call = new IncomingCall(
                    header.method(), body, place.source(), shown.role(), shown.serverOf(), caller.proven(), running);
            ask(stream, running, served.get(), call);
        }
    }

    private void ask(ServedStream stream, Running running, Endpoints.Served served, IncomingCall call) {
        CompletableFuture<RpcAnswer> answer;
        try {
            answer = served.endpoint().answer(call).toCompletableFuture();
        } catch (RuntimeException theirs) {
            answer(stream, running, null, theirs);
            return;
        }
        boolean isHere = answer.isDone();
        CompletableFuture<RpcAnswer> unused = answer.whenComplete((value, failure) -> {
            if (isHere) {
                answer(stream, running, value, failure);
            } else {
                place.offer(new ServingOrder.Answered(stream, running, value, failure));
            }
        });
    }

    private void answer(ServedStream stream, Running running, @Nullable RpcAnswer answer, @Nullable Throwable failure) {
        if (answer instanceof RpcAnswer.Streamed series) {
            source.run(series, new SeriesSink(new SeriesOrders(place, stream, running, series)));
            return;
        }
        done(stream, running);
        RequestHeader header = stream.answering;
        if (answer instanceof RpcAnswer.Reply reply) {
            out.write(stream, ResponseHeader.answer(header), reply.body());
        } else if (answer instanceof RpcAnswer.Fault fault) {
            counters.faults.increment();
            out.write(stream, ResponseHeader.failure(header, fault.text()), NO_BODY);
        } else if (answer instanceof RpcAnswer.Undecodable undecodable) {
            counters.faults.increment();
            refuseCall(stream, LinkRefusal.MALFORMED, undecodable.text());
            out.endStream(stream);
        } else {
            counters.faults.increment();
            LinkLog.endpointFailed(header.method(), failure == null ? new NullPointerException("no answer") : failure);
            out.write(stream, ResponseHeader.failure(header, "internal error"), NO_BODY);
        }
    }

    private void part(ServedStream stream, Octets body) {
        out.write(stream, ResponseHeader.part(stream.answering), body);
        askForMore(stream);
    }

    /** Has a series go on, if the peer takes it. */
    void askForMore(ServedStream stream) {
        if (stream.series == null || !out.isClear(stream)) {
            return;
        }
        if (out.hasRoom()) {
            stream.series.more();
        } else {
            hungry.addLast(stream);
        }
    }

    private void endSeries(ServingOrder.SeriesEnded ended) {
        ServedStream stream = ended.stream();
        done(stream, ended.running());
        stream.series = null;
        Throwable failure = ended.failure();
        if (failure == null) {
            out.write(stream, ResponseHeader.answer(stream.answering), NO_BODY);
        } else {
            counters.faults.increment();
            out.write(
                    stream,
                    ResponseHeader.failure(
                            stream.answering, ended.series().words().apply(failure)),
                    NO_BODY);
        }
    }

    private void done(ServedStream stream, Running running) {
        running.answered();
        stream.running = null;
        counters.serving.decrement();
        counters.served.increment();
    }

    private void refuseCall(ServedStream stream, LinkRefusal reason, String text) {
        log.refuse(reason, place.source(), "RPC error: " + LinkLog.FROM + " error=\"" + text + "\"");
        out.write(stream, ResponseHeader.failure(stream.answering, text), NO_BODY);
    }
}
