package io.sotto.rpc.pool;

import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRefused;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.LinkEnd;
import io.sotto.rpc.link.RpcLink;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A server without a socket: how it answers dials and calls is said by the test. Time is virtual. */
final class ScriptedServer {
    static final Octets PONG = Octets.hex("80");

    final List<Link> links = new ArrayList<>();
    final List<String> ran = new ArrayList<>();
    Duration dialTime = Duration.ofMillis(1);
    Duration answerTime = Duration.ofMillis(1);
    /** Why dials fail; none if they do not. */
    Optional<String> down = Optional.empty();

    Optional<PeerRefused> refused = Optional.empty();
    /** What calls are answered with; none is never. */
    Function<RpcRequest, Optional<RpcResult>> answers = request -> Optional.of(new RpcResult.Answered(PONG));

    /** What a streamed call brings; fails the call where it is not sent. */
    Function<RpcRequest, Source<Octets, CompletionStage<RpcResult>>> series =
            request -> Source.<Octets>empty().mapMaterializedValue(none -> answered());

    boolean isTls;
    int dials;
    int dialling;
    int diallingAtMost;
    private final VirtualTime virtual;
    private final LongSupplier generation;

    ScriptedServer(VirtualTime virtual, LongSupplier generation) {
        this.virtual = virtual;
        this.generation = generation;
    }

    private static CompletionStage<RpcResult> answered() {
        return CompletableFuture.completedFuture(new RpcResult.Answered(PONG));
    }

    CompletionStage<DialResult> dial() {
        dials++;
        diallingAtMost = Math.max(diallingAtMost, ++dialling);
        long dialledUnder = generation.getAsLong();
        CompletableFuture<DialResult> result = new CompletableFuture<>();
        virtual.after(dialTime, () -> {
            dialling--;
            if (down.isPresent() || refused.isPresent()) {
                String reason = down.orElseGet(() -> refused.orElseThrow().text());
                result.complete(new DialResult.NotLinked(reason, refused, false));
            } else {
                Link link = new Link(dialledUnder);
                links.add(link);
                result.complete(new DialResult.Linked(link));
            }
        });
        return result;
    }

    /** The links that are there. */
    List<Link> open() {
        return links.stream().filter(link -> !link.ended.isDone()).toList();
    }

    Link last() {
        return links.get(links.size() - 1);
    }

    /** One connection; takes calls until it drains. */
    final class Link implements RpcLink {
        private static final Duration DRAIN = Duration.ofSeconds(10);

        final CompletableFuture<LinkEnd> ended = new CompletableFuture<>();
        final CompletableFuture<LinkEnd> goneAway = new CompletableFuture<>();
        final boolean tls = isTls;
        private final Map<Integer, CompletableFuture<RpcResult>> calls = new TreeMap<>();
        private final long dialledUnder;
        private int made;

        private Link(long dialledUnder) {
            this.dialledUnder = dialledUnder;
        }

        @Override
        public CompletableFuture<RpcResult> call(RpcRequest request) {
            CompletableFuture<RpcResult> result = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    return complete(new RpcResult.Cancelled());
                }
            };
            if (goneAway.isDone()) {
                result.complete(new RpcResult.Unreachable("session shutdown", false));
                return result;
            }
            ran.add(request.method());
            int number = made++;
            calls.put(number, result);
            CompletionStage<RpcResult> end = result;
            end.whenComplete((how, failure) -> {
                calls.remove(number);
                if (goneAway.isDone() && calls.isEmpty()) {
                    ended.complete(new LinkEnd(true, "drained"));
                }
            });
            virtual.after(answerTime, () -> answers.apply(request).ifPresent(answer -> result.complete(answer)));
            virtual.after(request.timeout(), () -> result.complete(new RpcResult.TimedOut(request.timeout())));
            return result;
        }

        @Override
        public Source<Octets, CompletionStage<RpcResult>> streamed(RpcRequest request) {
            if (goneAway.isDone()) {
                return Source.<Octets>empty()
                        .mapMaterializedValue(none -> CompletableFuture.completedFuture(
                                new RpcResult.Unreachable("session shutdown", false)));
            }
            ran.add(request.method());
            return series.apply(request);
        }

        @Override
        public int inFlight() {
            return calls.size();
        }

        @Override
        public PeerIdentity peer() {
            return PeerIdentity.unproven();
        }

        @Override
        public boolean isTls() {
            return tls;
        }

        @Override
        public long tlsGeneration() {
            return dialledUnder;
        }

        @Override
        public CompletionStage<LinkEnd> ended() {
            return ended;
        }

        @Override
        public CompletionStage<LinkEnd> goneAway() {
            return goneAway;
        }

        @Override
        public void drain() {
            if (goneAway.complete(new LinkEnd(true, "drained"))) {
                if (calls.isEmpty()) {
                    ended.complete(new LinkEnd(true, "drained"));
                } else {
                    virtual.after(DRAIN, this::breakDown);
                }
            }
        }

        /** As when the process at the other end is killed. */
        void breakDown() {
            goneAway.complete(new LinkEnd(false, "EOF"));
            for (CompletableFuture<RpcResult> call : List.copyOf(calls.values())) {
                call.complete(new RpcResult.Unreachable("EOF", true));
            }
            ended.complete(new LinkEnd(false, "EOF"));
        }
    }

    static @Nullable RpcResult now(CompletableFuture<RpcResult> call) {
        return call.getNow(null);
    }
}
