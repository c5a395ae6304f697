package io.sotto.gossip;

import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Whom {@link Members} asks where a claim is not believed; both are spawned after it. */
record Doubts(
        Supplier<ActorRef<Prover.Command>> prover,
        Supplier<ActorRef<Sync.Command>> sync,
        Inflow inflow,
        Proven proven) {
    /** Has the one pinged whom the claim is about, if there is room. Whether there is. */
    boolean prove(SwimMessage.Alive claim, boolean isOld) {
        boolean hasRoom = inflow.proofs().enterIfQuiet();
        if (hasRoom) {
            prover.get().tell(new Prover.Claimed(claim, isOld));
        }
        return hasRoom;
    }

    /** Has the record of one that joins from elsewhere kept until it speaks, if there is room. Whether there is. */
    boolean keep(SwimMessage.Alive self, InetAddress from) {
        boolean hasRoom = inflow.proofs().enterIfQuiet();
        if (hasRoom) {
            prover.get().tell(new Prover.Joined(self, from));
        }
        return hasRoom;
    }
}
