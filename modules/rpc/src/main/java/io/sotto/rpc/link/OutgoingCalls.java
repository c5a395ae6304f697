package io.sotto.rpc.link;

import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import io.sotto.wire.yamux.YamuxSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of one connection that we dialled, each on a stream that has no other at the time. Streams are used again, the
 * last one first; after an error a stream is closed.
 *
 * <p>A stream is opened with its first request in one write, and never ended before: a real server's accept loop waits for
 * the first byte of one stream before it looks at the next. One owner, no other thread. Source: RPC specification, sections
 * 2, 3 and 9.
 */
final class OutgoingCalls {
    private final LinkSettings settings;
    private final LinkCounters counters;
    private final DialledLink link;
    private final YamuxSession session;
    private final Map<Integer, CallStream> streams = new HashMap<>();
    private final ArrayDeque<CallStream> idle = new ArrayDeque<>();
    private final ArrayDeque<LinkCall> unstarted = new ArrayDeque<>();

    private boolean isOpen;
    private String whyClosed = "";
    private int underWay;
    private long seq;
    private long nextDeadline = Long.MAX_VALUE;

    OutgoingCalls(LinkSettings settings, LinkCounters counters, DialledLink link, YamuxSession session) {
        this.settings = settings;
        this.counters = counters;
        this.link = link;
        this.session = session;
    }

    /** From now on calls are sent. */
    void open() {
        isOpen = true;
    }

    /** A new call is refused from now on, as are those that wait to be sent; those that were sent go on. */
    void close(String reason) {
        isOpen = false;
        whyClosed = reason;
        while (!idle.isEmpty()) {
            CallStream stream = idle.removeLast();
            streams.remove(stream.id);
            session.finish(stream.id);
        }
        while (!unstarted.isEmpty()) {
            refuse(unstarted.removeFirst(), reason);
        }
    }

    /** Nothing can be sent or heard any more. */
    void end(String reason) {
        isOpen = false;
        whyClosed = reason;
        List<CallStream> last = new ArrayList<>(streams.values());
        streams.clear();
        idle.clear();
        for (CallStream stream : last) {
            if (stream.call != null) {
                gone(stream, reason);
            }
        }
        while (!unstarted.isEmpty()) {
            refuse(unstarted.removeFirst(), reason);
        }
    }

    /** Whether no call is under way or waits to be sent. */
    boolean isQuiet() {
        return underWay == 0 && unstarted.isEmpty();
    }

    /** When {@link #expire} has something to do at the earliest. */
    long nextDeadline() {
        return nextDeadline;
    }

    /** A call that was made, or one that was cancelled. */
    void take(LinkCall call) {
        if (call.isDone()) {
            // Cancelled, before it was sent or after.
            unsend(call);
            if (!call.hasLeft) {
                counters.ended(LinkCounters.CallEnd.CANCELLED);
            }
            leave(call);
        } else if (isOpen) {
            start(call);
        } else {
            refuse(call, whyClosed);
        }
    }

    /** Ends a call that was not sent. */
    void refuse(LinkCall call, String reason) {
        finish(call, new RpcResult.Unreachable(reason, false));
    }

    /** Sends calls that had to wait until the peer took notice of others. */
    void startMore() {
        while (!unstarted.isEmpty() && isOpen && (session.mayOpen() || !idle.isEmpty())) {
            LinkCall call = unstarted.removeFirst();
            if (!call.isDone()) {
                start(call);
            }
        }
    }

    /** What came on a stream. */
    void data(int id, byte[] array, int offset, int length) {
        CallStream stream = streams.get(id);
        if (stream == null) {
            session.consumed(id, length);
            return;
        }
        stream.held += length;
        answer(stream, array, offset, length);
        giveBack(stream);
    }

    /** The peer will say no more on a stream. */
    void finished(int id) {
        CallStream stream = streams.remove(id);
        if (stream != null) {
            session.finish(id);
            gone(stream, "stream closed");
        }
    }

    /** The peer broke a stream off. */
    void reset(int id) {
        CallStream stream = streams.remove(id);
        if (stream != null) {
            gone(stream, "stream reset");
        }
    }

    /** An element of a series was taken. */
    void took(Order.Took took) {
        CallStream stream = streams.get(took.call().stream);
        if (stream != null && stream.call == took.call()) {
            stream.untaken--;
            int bytes = Math.min(took.bytes(), stream.held);
            session.consumed(stream.id, bytes);
            stream.held -= bytes;
            giveBack(stream);
        }
    }

    /** Ends the calls whose time is over. */
    void expire(long now) {
        List<LinkCall> late = new ArrayList<>();
        nextDeadline = Long.MAX_VALUE;
        for (CallStream stream : streams.values()) {
            if (stream.call != null) {
                look(stream.call, now, late);
            }
        }
        for (LinkCall call : unstarted) {
            look(call, now, late);
        }
        for (LinkCall call : late) {
            unsend(call);
            finish(call, new RpcResult.TimedOut(call.request.timeout()));
        }
    }

    private void start(LinkCall call) {
        CallStream stream = idle.pollLast();
        if (stream == null) {
            int id = session.open();
            if (id == -1) {
                unstarted.addLast(call);
                nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
                return;
            }
            stream = new CallStream(id, new ObjectSplitter(settings.maxMessageBytes()));
            streams.put(id, stream);
        }
        stream.call = call;
        stream.seq = ++seq;
        call.stream = stream.id;
        underWay++;
        nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
        RequestHeader header = new RequestHeader(stream.seq, call.request.method());
        session.write(stream.id, header.write(0).toOctets(), call.request.body());
    }

    private void answer(CallStream stream, byte[] array, int offset, int length) {
        stream.splitter.offer(array, offset, length);
        while (streams.get(stream.id) == stream) {
            Optional<Octets> object = stream.splitter.next();
            if (object.isEmpty()) {
                if (stream.splitter.hasFailed()) {
                    breakUp(stream, "the answer is " + stream.splitter.failure().text());
                }
                return;
            }
            ResponseHeader header = stream.header;
            if (stream.call == null) {
                breakUp(stream, "an answer that nobody asked for");
            } else if (header == null) {
                header(stream, object.get());
            } else {
                stream.header = null;
                body(stream, stream.call, header, object.get());
            }
        }
    }

    private void header(CallStream stream, Octets object) {
        Optional<ResponseHeader> header = ResponseHeader.decode(object);
        if (header.isEmpty() || header.get().seq() != stream.seq) {
            breakUp(stream, "an answer to something else");
        } else {
            stream.header = header.get();
            stream.headerBytes = object.length();
        }
    }

    private void body(CallStream stream, LinkCall call, ResponseHeader header, Octets body) {
        LinkCall.Elements elements = call.elements;
        if (!header.error().isEmpty()) {
            leaveStream(stream);
            finish(call, new RpcResult.Failed(header.error()));
        } else if (!header.more()) {
            stream.call = null;
            underWay--;
            keep(stream);
            finish(call, new RpcResult.Answered(body));
        } else if (elements == null) {
            breakUp(stream, "a series of answers to a call for one");
        } else {
            stream.untaken++;
            elements.element(body, stream.headerBytes + body.length());
        }
    }

    /** A series stops when as much of it waits as the window holds; all else is taken as it comes. */
    private void giveBack(CallStream stream) {
        if (stream.untaken == 0 && stream.held > 0) {
            session.consumed(stream.id, stream.held);
            stream.held = 0;
        }
    }

    private void keep(CallStream stream) {
        stream.untaken = 0;
        giveBack(stream);
        if (!isOpen || idle.size() >= settings.maxIdleStreams()) {
            streams.remove(stream.id);
            session.finish(stream.id);
        } else {
            idle.addLast(stream);
        }
    }

    /** No further call on this stream; what it still says is of no interest. */
    private void leaveStream(CallStream stream) {
        streams.remove(stream.id);
        stream.call = null;
        underWay--;
        session.finish(stream.id);
    }

    private void breakUp(CallStream stream, String reason) {
        streams.remove(stream.id);
        session.reset(stream.id);
        counters.refuse(LinkRefusal.MALFORMED);
        gone(stream, reason);
    }

    private void gone(CallStream stream, String reason) {
        LinkCall call = stream.call;
        if (call == null) {
            idle.remove(stream);
        } else {
            stream.call = null;
            underWay--;
            finish(call, new RpcResult.Unreachable(reason, true));
        }
    }

    private void look(LinkCall call, long now, List<LinkCall> late) {
        if (now - call.deadlineNanos >= 0) {
            late.add(call);
        } else {
            nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
        }
    }

    /** Tells the peer, if it knows of the call, that nobody waits for it any more. */
    private void unsend(LinkCall call) {
        CallStream stream = streams.get(call.stream);
        if (stream == null || stream.call != call) {
            unstarted.remove(call);
            return;
        }
        streams.remove(stream.id);
        stream.call = null;
        underWay--;
        session.reset(stream.id);
    }

    private void finish(LinkCall call, RpcResult result) {
        leave(call);
        if (call.complete(result)) {
            counters.ended(LinkCounters.CallEnd.of(result));
        }
        if (call.elements != null) {
            call.elements.ended(result);
        }
    }

    private void leave(LinkCall call) {
        if (!call.hasLeft) {
            call.hasLeft = true;
            link.left();
        }
    }
}
