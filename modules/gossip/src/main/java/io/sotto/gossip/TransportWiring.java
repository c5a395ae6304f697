package io.sotto.gossip;

import io.sotto.gossip.datapath.EnvelopeSettings;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.SourceRate;
import io.sotto.gossip.stream.StreamEncoder;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.ReplayGuard;
import io.sotto.wire.crypto.Sealer;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Spawns the {@link Transport} of a {@link GossipPool} with all that bytes pass on their way in and out. Used by the pool's
 * actor only; its guard against replays is one for the whole life of the pool.
 */
final class TransportWiring {
    private static final Duration REBIND_FIRST = Duration.ofMillis(200);
    private static final Duration REBIND_MAX = Duration.ofSeconds(10);

    private final ActorContext<GossipPool.Command> context;
    private final PoolSettings settings;
    private final PoolEnvironment environment;
    private final PoolState state;
    private final Inspection inspection;

    TransportWiring(
            ActorContext<GossipPool.Command> context,
            PoolSettings settings,
            PoolEnvironment environment,
            PoolState state) {
        this.context = context;
        this.settings = settings;
        this.environment = environment;
        this.state = state;
        this.inspection = inspection();
    }

    /** Binds the port, and tells {@code replyTo} how that went. */
    ActorRef<Transport.Command> transport(TransportSlot slot, ActorRef<Transport.Bound> replyTo) {
        return context.spawn(
                // A lost socket costs only itself: bound anew, ever more patiently.
                state.counters()
                        .supervision()
                        .restartPatiently(
                                ActorKind.TRANSPORT,
                                Transport.Command.class,
                                Transport.create(transportLinks(slot, replyTo)),
                                REBIND_FIRST,
                                REBIND_MAX),
                "transport",
                DispatcherSelector.sameAsParent());
    }

    private Transport.Links transportLinks(TransportSlot slot, ActorRef<Transport.Bound> replyTo) {
        return new Transport.Links(
                environment.network(),
                settings.bind(),
                slot,
                state::policy,
                settings.datapath(),
                settings.streams(),
                StreamEncoder.create(sealer()),
                this::sealer,
                this::sourceRate,
                inspection,
                state.traffic(),
                state.streams(),
                replyTo);
    }

    /** One for all sockets of the pool's life, so that binding anew forgets nothing. */
    private Inspection inspection() {
        return switch (settings.claims()) {
            case UPSTREAM -> Inspection.counting(state.rejections());
            case GUARDED -> {
                EnvelopeSettings envelopes = settings.datapath().envelopes();
                byte[] seed = new byte[Long.BYTES];
                environment.entropy().accept(seed);
                ReplayGuard guard = new ReplayGuard(
                        envelopes.replay(),
                        environment.time()::nanos,
                        ByteBuffer.wrap(seed).getLong());
                yield state.inspect(guard, envelopes.acceptsVersion0() ? guard : EnvelopeGuard.withoutVersion0(guard));
            }
        };
    }

    private SourceRate sourceRate() {
        return SourceRate.create(
                settings.datapath(),
                environment.time()::nanos,
                environment.randoms().get().nextLong());
    }

    private Sealer sealer() {
        PoolTime time = environment.time();
        return new Sealer(state.counters()
                .seals
                .counted(new CountedNonceSource(
                        environment.entropy(), () -> time.wall().toEpochMilli(), time::nanos)));
    }
}
