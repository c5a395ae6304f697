package io.sotto.gossip;

import io.sotto.gossip.datapath.Sealing;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.snapshot.SnapshotKeeper;
import io.sotto.gossip.stream.StreamHandler;
import io.sotto.membership.Effect;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Teller;
import io.sotto.membership.probe.Verdict;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.snapshot.SnapshotBook;
import io.sotto.membership.snapshot.SnapshotJournal;
import io.sotto.membership.upshift.trial.KeyTrial;
import io.sotto.membership.upshift.trial.TrialAnswer;
import io.sotto.membership.upshift.trial.TrialPing;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** Makes one message of every kind that a closed family permits, its private kinds included. */
final class SampleCommands {
    private static final MemberRecord MEMBER = Samples.member("b", 2);

    private static final Map<Class<?>, Object> VALUES = Map.ofEntries(
            Map.entry(String.class, "b"),
            Map.entry(boolean.class, true),
            Map.entry(int.class, 1),
            Map.entry(long.class, 999L),
            Map.entry(List.class, List.of()),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(Set.class, Set.of()),
            Map.entry(KeyTrial.class, new KeyTrial(Optional.empty(), false)),
            Map.entry(TrialPing.class, TrialPing.SEALED),
            Map.entry(TrialAnswer.class, TrialAnswer.unreached()),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(InetAddress.class, Samples.address(2).getAddress()),
            Map.entry(InetSocketAddress.class, Samples.address(2)),
            Map.entry(Octets.class, Octets.utf8("octets")),
            Map.entry(SwimMessage.Ping.class, new SwimMessage.Ping(1, "self", Optional.empty())),
            Map.entry(SwimMessage.Ack.class, new SwimMessage.Ack(999, Octets.empty())),
            Map.entry(SwimMessage.Alive.class, Samples.alive("b", 2, 1)),
            Map.entry(Members.Standing.class, Members.Standing.STRANGER),
            Map.entry(Teller.class, Teller.WITNESSED),
            Map.entry(SwimMessage.Suspect.class, new SwimMessage.Suspect(1, "b", "c")),
            Map.entry(SwimMessage.Nack.class, new SwimMessage.Nack(999)),
            Map.entry(
                    SwimMessage.IndirectPing.class,
                    new SwimMessage.IndirectPing(7, MEMBER.address(), "b", true, Optional.empty())),
            Map.entry(SerfMessage.Intent.class, new SerfMessage.Join(9, "b")),
            Map.entry(SerfMessage.Leave.class, new SerfMessage.Leave(9, "self", false)),
            Map.entry(SerfMessage.class, new SerfMessage.UserEvent(5, "deploy", Octets.empty(), false)),
            Map.entry(
                    SerfMessage.PushPullState.class,
                    new SerfMessage.PushPullState(1, Map.of(), List.of(), 2, List.of(), 3)),
            Map.entry(NodeAddress.class, MEMBER.address()),
            Map.entry(QueryRequest.class, QueryRequest.of("load", Octets.empty())),
            Map.entry(IncomingQuery.Answer.class, new IncomingQuery.Answer(1, Octets.empty())),
            Map.entry(Broadcasts.Transmitted.class, Broadcasts.Transmitted.EVENT),
            Map.entry(PushPull.class, new PushPull(false, List.of(), Octets.empty())),
            Map.entry(MemberRecord.class, Samples.SELF),
            Map.entry(Effect.Publish.class, new Effect.Publish(Optional.empty(), MEMBER, Optional.empty())),
            Map.entry(MemberEvent.class, new MemberEvent(MemberEvent.Kind.JOINED, MEMBER)),
            Map.entry(Verdict.class, new Verdict.Indirect(MEMBER)),
            Map.entry(JoinReport.class, new JoinReport(1, List.of())),
            Map.entry(Transport.Bound.class, Transport.Bound.Carrying.INSTANCE),
            Map.entry(Endpoint.class, foreignEndpoint()),
            Map.entry(Consumer.class, (Consumer<Object>) ignored -> {}),
            Map.entry(StreamHandler.class, (StreamHandler)
                    request -> CompletableFuture.completedFuture(Optional.empty())),
            Map.entry(Duration.class, Duration.ofMillis(20)),
            Map.entry(Sealing.class, Sealing.AS_DEMANDED),
            Map.entry(KeyOperation.class, KeyOperation.LIST),
            Map.entry(KeyKeeper.Answer.class, new KeyKeeper.Answer.Refused("no")),
            Map.entry(KeyReport.class, KeyReport.refused(KeyOperation.LIST, "no")),
            Map.entry(MemberKeys.class, MemberKeys.asWanted()),
            Map.entry(QueryProgress.class, new QueryProgress.Answered("b", Octets.empty())),
            Map.entry(QueryDesk.KeysAsked.class, keysAsked()),
            Map.entry(
                    SnapshotJournal.Write.class, new SnapshotJournal.Write(SnapshotJournal.Way.APPEND, Octets.empty())),
            Map.entry(OtherRings.Told.class, new OtherRings.Told(Map.of(), Map.of(), List.of())),
            Map.entry(RotationRequest.class, new RotationRequest.Status()),
            Map.entry(RotationCause.class, RotationCause.ASKED),
            Map.entry(RotationMachine.Beginning.class, RotationMachine.Beginning.SETTLED),
            Map.entry(KeyKeeper.Opened.class, new KeyKeeper.Opened.Ready(Keyring.empty(), Optional.empty())));

    private SampleCommands() {}

    private static QueryDesk.KeysAsked keysAsked() {
        var query = new SerfMessage.Query(
                1, 1, MEMBER.address(), "b", List.of(), 0, 0, 1, "_serf_list-keys", Octets.empty());
        return new QueryDesk.KeysAsked(KeyOperation.LIST, query, Samples.address(2));
    }

    private static Endpoint foreignEndpoint() {
        try {
            return new MemoryNetwork().bind(Samples.address(9));
        } catch (BindException e) {
            throw new IllegalStateException("a new network has every address free", e);
        }
    }

    /**
     * @param about the member that claims are about
     * @param anybody who is answered
     */
    static <C> List<C> of(Class<C> family, String about, ActorRef<?> anybody) throws ReflectiveOperationException {
        List<C> samples = new ArrayList<>();
        for (Class<?> kind : family.getPermittedSubclasses()) {
            if (kind.isSealed()) {
                of(kind, about, anybody).stream().map(family::cast).forEach(samples::add);
            } else if (kind.isEnum()) {
                Arrays.stream(kind.getEnumConstants()).map(family::cast).forEach(samples::add);
            } else {
                samples.add(family.cast(sample(kind, about, anybody)));
            }
        }
        return samples;
    }

    private static Object sample(Class<?> kind, String about, ActorRef<?> anybody) throws ReflectiveOperationException {
        List<Class<?>> types = Arrays.stream(kind.getRecordComponents())
                .<Class<?>>map(RecordComponent::getType)
                .toList();
        List<Object> values = new ArrayList<>();
        for (Class<?> type : types) {
            values.add(value(type, about, anybody));
        }
        Constructor<?> constructor = kind.getDeclaredConstructor(types.toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values.toArray());
    }

    private static Object value(Class<?> type, String about, ActorRef<?> anybody) {
        if (type == ActorRef.class) {
            return anybody;
        }
        if (type == KeyKeeper.Request.class) {
            return new KeyKeeper.Remove(key(), anybody.unsafeUpcast());
        }
        if (type == PoolChange.class) {
            return PoolChange.to(PoolSettings.of("lan", Samples.RULES, Samples.address(1)));
        }
        if (type == GossipPool.Reconfigure.class) {
            return new GossipPool.Reconfigure(
                    PoolChange.to(PoolSettings.of("lan", Samples.RULES, Samples.address(1))), anybody.unsafeUpcast());
        }
        if (type == KeyKeeper.Answer.class) {
            return new KeyKeeper.Answer.Done(Keyring.empty());
        }
        if (type == SnapshotKeeper.Opened.class) {
            return new SnapshotKeeper.Opened(LamportFloors.none(), Map.of(), anybody.unsafeUpcast());
        }
        if (type == SnapshotJournal.class) {
            return new SnapshotJournal(new SnapshotBook(false, 10), 0, true);
        }
        if (type == GossipKey.class) {
            return key();
        }
        if (type == SwimMessage.Claim.class) {
            return new SwimMessage.Suspect(1, about, "c");
        }
        if (type.isRecord() && type.getEnclosingClass() == KeyTrials.class) {
            return sampleRecord(type, about, anybody);
        }
        Object value = VALUES.get(type);
        if (value == null) {
            throw new AssertionError("no sample of " + type);
        }
        return value;
    }

    private static Object sampleRecord(Class<?> type, String about, ActorRef<?> anybody) {
        try {
            return sample(type, about, anybody);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no sample of " + type, e);
        }
    }

    /** A new one each time, since one of the messages wipes its key. */
    private static GossipKey key() {
        return GossipKey.of(new byte[16]);
    }
}
