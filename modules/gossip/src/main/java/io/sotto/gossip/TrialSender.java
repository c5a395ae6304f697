package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.stream.Exchanged;
import io.sotto.membership.upshift.trial.TrialAnswer;
import io.sotto.membership.upshift.trial.TrialPing;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends the pings of trials, each over a stream of its own: such an answer comes from whoever is at the member's address, and
 * shows by itself whether it was sealed. The ring in force stays as it is, and what comes back is neither evidence of the
 * pool's traffic nor a rejection of it.
 *
 * @param transport the way out
 * @param policy what is in force
 * @param entropy fills an array with unpredictable bytes
 */
record TrialSender(TransportSlot transport, Supplier<WirePolicy> policy, Consumer<byte[]> entropy) {
    /** For connecting, and once more for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What dialling that failed begins with. */
    private static final String NOT_DIALLED = "dial tcp ";

    /** The id of the key that {@code key} asks for: it, or else the primary of the ring. */
    Optional<String> keyId(Optional<GossipKey> key) {
        return key.or(() -> policy.get().ring().primary()).map(GossipKey::id);
    }

    /** Never fails. */
    CompletionStage<TrialAnswer> send(TrialPing ping, Optional<GossipKey> key, String node, InetSocketAddress to) {
        WirePolicy inForce = policy.get();
        Keyring ring = key.map(given -> with(given, inForce.ring())).orElse(inForce.ring());
        // An answer may be plain whatever is demanded here: that it is, is what the trial is to find out.
        WirePolicy terms = inForce.withRing(ring).withDemands(false, ping == TrialPing.SEALED);
        long number = number();
        var request = new StreamMessage.Swim(new SwimMessage.Ping(number, node, Optional.empty()));
        return transport.exchange(to, request, PATIENCE, terms).thenApply(exchanged -> answer(exchanged, number));
    }

    private static Keyring with(GossipKey key, Keyring others) {
        return Keyring.of(key, others.keys().toArray(GossipKey[]::new));
    }

    /** Not to be guessed by who does not see it. */
    private long number() {
        byte[] bytes = new byte[Integer.BYTES];
        entropy.accept(bytes);
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
    }

    private static TrialAnswer answer(Exchanged exchanged, long number) {
        if (exchanged instanceof Exchanged.Answered answered
                && answered.message() instanceof StreamMessage.Swim swim
                && swim.message() instanceof SwimMessage.Ack ack
                && ack.seqNo() == number) {
            return answered.key().map(key -> TrialAnswer.sealed(key.id())).orElseGet(TrialAnswer::plain);
        }
        return exchanged instanceof Exchanged.Failed failed && !hasConnected(failed)
                ? TrialAnswer.unreached()
                : TrialAnswer.refused();
    }

    private static boolean hasConnected(Exchanged.Failed failed) {
        return !failed.text().startsWith(NOT_DIALLED) && !failed.equals(TransportSlot.UNBOUND);
    }

    /** What was sent and what came of it, as it is counted. */
    static PoolCounters.TrialEnd end(TrialPing ping, TrialAnswer answer) {
        boolean isSealed = ping == TrialPing.SEALED;
        return switch (answer.way()) {
            case ACKED -> isSealed ? PoolCounters.TrialEnd.SEALED_ACKED : PoolCounters.TrialEnd.PLAIN_ACKED;
            case REFUSED -> isSealed ? PoolCounters.TrialEnd.SEALED_REFUSED : PoolCounters.TrialEnd.PLAIN_REFUSED;
            case UNREACHED -> isSealed ? PoolCounters.TrialEnd.SEALED_UNREACHED : PoolCounters.TrialEnd.PLAIN_UNREACHED;
        };
    }
}
