package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A node whose pool was spawned by hand rather than by {@link Sotto}, as simulations do: what its calls have to know of it.
 * Immutable.
 *
 * @param name unique in the actor system
 * @param lan its pool, and
 * @param guardian the actor behind that
 * @param meta what the node says of itself, as the pool was told
 * @param bind the address that it takes calls on
 * @param wall what it takes for the date, by which it judges certificates
 */
public record RpcNode(
        ActorSystem<?> system,
        String name,
        Pool lan,
        ActorRef<GossipPool.Command> guardian,
        Octets meta,
        InetAddress bind,
        InstantSource wall,
        NodeEnvironment environment) {}
