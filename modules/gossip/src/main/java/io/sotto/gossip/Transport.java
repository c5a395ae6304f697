package io.sotto.gossip;

import io.sotto.gossip.datapath.Datapath;
import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.datapath.Inbound;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.SourceRate;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.Network;
import io.sotto.gossip.stream.StreamClient;
import io.sotto.gossip.stream.StreamCounters;
import io.sotto.gossip.stream.StreamEncoder;
import io.sotto.gossip.stream.StreamHandler;
import io.sotto.gossip.stream.StreamServer;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.gossip.stream.StreamThreads;
import io.sotto.wire.crypto.Sealer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The sockets of a pool and the streams on them: {@code bound -> carrying}.
 *
 * <p>When a socket fails, this actor fails; supervised by restart with backoff, it binds the same port anew and goes on
 * carrying. Nothing else of the pool is lost by that: members, keys and queues live elsewhere, and what is sent meanwhile is
 * dropped and counted, as any network would. Only a first bind that fails is reported instead, since then the operator is
 * to choose.
 */
final class Transport {
    sealed interface Command {}

    /** Begin to receive; what arrived before waits in the kernel. */
    record Carry(Consumer<List<Inbound>> router, StreamHandler handler) implements Command {}

    private record Lost(Endpoint endpoint, String cause) implements Command {}

    /** How the first bind went; then, after every bind, that the streams run and what is sent goes out. */
    sealed interface Bound {
        record At(InetSocketAddress address) implements Bound {}

        record Failed(String reason) implements Bound {}

        enum Carrying implements Bound {
            INSTANCE
        }
    }

    /** What it needs of its pool. */
    record Links(
            Network network,
            InetSocketAddress bind,
            TransportSlot slot,
            Supplier<WirePolicy> policy,
            DatapathSettings datapath,
            StreamSettings streams,
            StreamEncoder encoder,
            Supplier<Sealer> sealers,
            Supplier<SourceRate> sourceRates,
            Inspection inspection,
            DatapathCounters counters,
            StreamCounters streamCounters,
            ActorRef<Bound> replyTo) {}

    private final ActorContext<Command> context;
    private final Links links;
    private final Endpoint endpoint;

    private Transport(ActorContext<Command> context, Links links, Endpoint endpoint) {
        this.context = context;
        // The failure that ends it is logged by Pekko, which would name the logger after a class of its own.
        context.setLoggerName(Transport.class);
        this.links = links;
        this.endpoint = endpoint;
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> {
            Optional<InetSocketAddress> before = links.slot.address();
            try {
                Endpoint endpoint = links.network.bind(before.orElse(links.bind));
                return new Transport(context, links, endpoint).beginOrClose(before.isEmpty());
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage());
                if (before.isPresent()) {
                    throw new TransportLost("cannot bind " + before.get() + " again: " + reason);
                }
                links.replyTo.tell(new Bound.Failed(reason));
                return Behaviors.stopped();
            }
        });
    }

    private Behavior<Command> beginOrClose(boolean first) {
        try {
            return begin(first);
        } catch (RuntimeException | Error e) {
            // Nobody tells an actor that never began of its end, and a port that stays bound could not be bound again.
            closed();
            throw e;
        }
    }

    private Behavior<Command> begin(boolean first) {
        StreamClient client = StreamClient.create(
                StreamThreads.of(context), links.policy, links.datapath.limits(), links.encoder, links.inspection);
        links.slot.bound(endpoint.local(), (to, request, timeout) -> client.exchange(endpoint, to, request, timeout));
        Inspection apart = links.inspection.apart();
        links.slot.trials((to, request, timeout, terms) ->
                client.exchange(endpoint, to, request, timeout, new StreamClient.Terms(terms, apart)));
        if (first) {
            links.replyTo.tell(new Bound.At(endpoint.local()));
        }
        return links.slot.carrying().map(this::carry).orElseGet(this::bound);
    }

    private Behavior<Command> bound() {
        return Behaviors.receive(Command.class)
                .onMessage(Carry.class, carry -> {
                    links.slot.carry(carry);
                    return carry(carry);
                })
                .onMessage(Lost.class, stale -> Behaviors.same())
                .onSignal(PostStop.class, stop -> closed())
                .onSignal(PreRestart.class, restart -> closed())
                .build();
    }

    private Behavior<Command> carry(Carry carry) {
        Materializer materializer = Materializer.createMaterializer(context);
        Datapath datapath =
                Datapath.create(links.policy, links.datapath, links.inspection, links.counters, links.sourceRates);
        // As busy, or as still, as this actor: left to themselves, stages run on the system's default dispatcher.
        Attributes onOwnDispatcher =
                ActorAttributes.dispatcher(Adapter.toClassic(context).props().dispatcher());
        // The way out first, so that the first ping to come in is answered.
        links.slot.outbox(datapath.outbound(endpoint, links.sealers)
                .addAttributes(onOwnDispatcher)
                .run(materializer));
        context.pipeToSelf(
                datapath.inbound(endpoint)
                        .toMat(Sink.foreach(carry.router::accept), Keep.right())
                        .addAttributes(onOwnDispatcher)
                        .run(materializer)
                        // Named, because what follows the end of a stream without one runs on a thread of the JDK's.
                        .whenCompleteAsync((done, failure) -> {}, context.getExecutionContext()),
                (done, failure) -> new Lost(endpoint, failure == null ? "the socket was closed" : failure.toString()));
        StreamServer server = StreamServer.create(
                StreamThreads.of(context),
                links.policy,
                links.streams,
                links.datapath.limits(),
                links.encoder,
                links.inspection,
                links.streamCounters,
                carry.handler);
        server.start(endpoint);
        links.replyTo.tell(Bound.Carrying.INSTANCE);
        return Behaviors.receive(Command.class)
                .onMessage(Carry.class, again -> Behaviors.same())
                .onMessage(Lost.class, this::onLost)
                .onSignal(PostStop.class, stop -> {
                    server.close();
                    return closed();
                })
                .onSignal(PreRestart.class, restart -> {
                    server.close();
                    return closed();
                })
                .build();
    }

    private Behavior<Command> onLost(Lost lost) {
        if (lost.endpoint != endpoint) {
            // The news of an endpoint that was given up before a restart.
            return Behaviors.same();
        }
        throw new TransportLost(lost.cause);
    }

    private Behavior<Command> closed() {
        links.slot.lost();
        endpoint.close();
        return Behaviors.same();
    }

    /** The socket is gone; thrown so that supervision binds it anew. */
    static final class TransportLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TransportLost(String message) {
            super(message);
        }
    }
}
