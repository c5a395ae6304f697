package io.sotto.membership;

import io.sotto.membership.broadcast.BroadcastQueue;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.membership.probe.Arrivals;
import io.sotto.membership.probe.IndirectRelay;
import io.sotto.membership.probe.ProbeEffect;
import io.sotto.membership.probe.ProbeMachine;
import io.sotto.membership.probe.ProbeRing;
import io.sotto.membership.probe.Verdict;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One node composed of this module's machines, as the actors of a pool compose them. */
final class SimNode {
    private static final SwimSettings LAN = SwimSettings.lan();
    private static final Limits LIMITS = Limits.defaults();
    private static final int PACKET = 1_398;

    final String name;
    final int host;
    final List<MemberEvent> events = new ArrayList<>();
    private final SimPool pool;
    private final PoolRules rules;
    private final SelfMachine self;
    private final IntentBook book = new IntentBook(SerfSettings.serf().recentIntentTimeout());
    private final Map<String, MemberMachine> members = new TreeMap<>();
    private final BroadcastQueue<String> claims = new BroadcastQueue<>(LAN::retransmitMult);
    private final BroadcastQueue<String> intents = new BroadcastQueue<>(LAN::retransmitMult);
    private final ProbeRing ring;
    private Arrivals arrivals = Arrivals.none();
    private Set<String> pooled = Set.of();
    private final Map<Long, Relaying> relays = new HashMap<>();
    private Optional<ProbeMachine> probe = Optional.empty();
    private long lastSeqNo;
    private boolean up = true;

    SimNode(String name, int host, SimPool pool) {
        this.name = name;
        this.host = host;
        this.pool = pool;
        this.rules = PoolRules.open(name, LAN, SerfSettings.serf());
        this.self = SelfMachine.create(rules, Members.address(host), Octets.hex("ff80"), Members.VSN);
        this.ring = new ProbeRing(name, LAN);
    }

    boolean isUp() {
        return up;
    }

    void kill() {
        up = false;
    }

    SerfStatus statusOf(String other) {
        return records().stream()
                .filter(record -> record.name().equals(other))
                .map(MemberRecord::status)
                .findFirst()
                .orElse(SerfStatus.NONE);
    }

    void start() {
        run(self.start(pool.now()), Optional.empty());
        every(LAN.gossipInterval(), this::gossip);
        every(LAN.probeInterval(), this::probeNext);
        every(
                LAN.pushPullInterval(),
                () -> Roster.pushPullPartner(records(), name, pool.random)
                        .map(partner -> pool.node(partner.name()))
                        .filter(SimNode::isUp)
                        .ifPresent(partner -> exchange(partner, false)));
    }

    void join(SimNode contact) {
        exchange(contact, true);
        announceJoin();
    }

    /** Both halves of a leave, then silence. */
    void leave() {
        run(self.beginLeave(book.stampLeave(name, false)), Optional.empty());
        pool.after(Duration.ofSeconds(2), () -> run(self.leave(pool.now()), Optional.empty()));
        pool.after(Duration.ofSeconds(5), this::kill);
    }

    void receive(String from, SwimMessage message) {
        switch (message.kind()) {
            case PING -> send(from, new SwimMessage.Ack(((SwimMessage.Ping) message).seqNo(), Octets.empty()));
            case INDIRECT_PING -> relay(from, (SwimMessage.IndirectPing) message);
            case ACK -> acked((SwimMessage.Ack) message);
            case NACK ->
                probe.ifPresent(running -> runProbe(
                        running,
                        running.onNack((SwimMessage.Nack) message, InetSocketAddress.createUnresolved(from, 1))));
            case ALIVE, SUSPECT, DEAD -> hear((SwimMessage.Claim) message);
            case USER -> {
                Octets body = ((SwimMessage.User) message).body();
                if (SerfCodec.decode(body, LIMITS) instanceof DecodedSerf.Message decoded
                        && decoded.message() instanceof SerfMessage.Intent intent) {
                    hearIntent(intent, Optional.of(body));
                }
            }
            case ERR -> throw new AssertionError("an error in a datagram");
        }
    }

    private void hear(SwimMessage.Claim claim) {
        if (claim.node().equals(name)) {
            run(self.onClaim(claim, pool.now()), Optional.empty());
        } else {
            MemberMachine machine = members.computeIfAbsent(
                    claim.node(),
                    other -> MemberMachine.unknown(other, rules, book.recent(other, pool.now()), pool.now()));
            run(machine.onClaim(claim, poolSize(), pool.now()), Optional.of(machine), Optional.empty());
        }
    }

    private void hearIntent(SerfMessage.Intent intent, Optional<Octets> original) {
        book.members().witness(intent.ltime());
        MemberMachine machine = members.get(intent.node());
        if (intent.node().equals(name)) {
            run(self.onIntent(intent), original);
        } else if (machine != null) {
            run(machine.onIntent(intent, pool.now()), Optional.of(machine), original);
        } else if (book.buffer(intent, pool.now())) {
            original.ifPresent(body -> intents.add(body, ""));
        }
    }

    private void announceJoin() {
        SerfMessage.Join join = book.stampJoin(name);
        run(self.onIntent(join), Optional.empty());
        intents.add(Octets.wrap(SerfCodec.encode(join)), "");
    }

    private void exchange(SimNode peer, boolean join) {
        PushPull ours = view(join);
        PushPull theirs = peer.view(join);
        peer.merge(ours);
        merge(theirs);
    }

    private PushPull view(boolean join) {
        return new PushPull(
                join,
                PushPullMerge.nodes(records()),
                Octets.wrap(SerfCodec.encode(PushPullMerge.serfState(records(), book))));
    }

    private void merge(PushPull remote) {
        PushPullMerge.versionObjection(remote.nodes(), records()).ifPresent(objection -> {
            throw new AssertionError(objection);
        });
        PushPullMerge.claims(remote.nodes(), name).forEach(this::hear);
        if (SerfCodec.decode(remote.userState(), LIMITS) instanceof DecodedSerf.Message decoded
                && decoded.message() instanceof SerfMessage.PushPullState state) {
            PushPullMerge.witness(state, book);
            PushPullMerge.intents(state).forEach(intent -> hearIntent(intent, Optional.empty()));
        }
    }

    private void run(List<Effect> effects, Optional<Octets> original) {
        run(effects, Optional.empty(), original);
    }

    private void run(List<Effect> effects, Optional<MemberMachine> machine, Optional<Octets> original) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Gossip gossip) {
                claims.add(gossip.queueName(), Octets.wrap(SwimCodec.encode(gossip.claim())), "");
            } else if (effect instanceof Effect.PassOn) {
                original.ifPresent(body -> intents.add(body, ""));
            } else if (effect instanceof Effect.GossipIntent own) {
                intents.add(Octets.wrap(SerfCodec.encode(own.intent())), "");
            } else if (effect instanceof Effect.AnnounceJoin) {
                announceJoin();
            } else if (effect instanceof Effect.Schedule timer) {
                machine.ifPresent(owner -> pool.after(timer.after(), () -> {
                    if (up) {
                        run(owner.onTimer(timer.generation(), poolSize(), pool.now()), machine, Optional.empty());
                    }
                }));
            } else if (effect instanceof Effect.Publish publish) {
                publish.event().ifPresent(events::add);
            } else if (effect instanceof Effect.Forget forget) {
                members.remove(forget.node());
            }
        }
    }

    private void gossip() {
        for (MemberRecord target : Roster.gossipTargets(records(), name, LAN, pool.now(), pool.random)) {
            claims.take(PACKET, 2, poolSize()).messages().forEach(bytes -> {
                if (SwimCodec.decode(bytes, LIMITS) instanceof Decoded.Message decoded) {
                    send(target.name(), decoded.message());
                }
            });
            intents.take(PACKET, 3, poolSize())
                    .messages()
                    .forEach(body -> send(target.name(), new SwimMessage.User(body)));
        }
    }

    private void probeNext() {
        if (probe.isPresent() || self.hasLeft()) {
            return;
        }
        ProbeRing.Turn turn = ring.next(new Candidates(), pool.now(), pool.random);
        turn.reaped()
                .forEach(gone -> Optional.ofNullable(members.get(gone))
                        .ifPresent(
                                machine -> run(machine.leavePool(pool.now()), Optional.of(machine), Optional.empty())));
        turn.target().ifPresent(target -> {
            var machine = new ProbeMachine(self.record(), target, ++lastSeqNo, self.healthScore(), LAN);
            probe = Optional.of(machine);
            runProbe(machine, machine.start(pool.now()));
        });
    }

    private void runProbe(ProbeMachine machine, List<ProbeEffect> effects) {
        for (ProbeEffect effect : effects) {
            if (effect instanceof ProbeEffect.Ping ping) {
                send(ping.target().name(), ping.ping());
                ping.suspicion().ifPresent(suspicion -> send(ping.target().name(), suspicion));
            } else if (effect instanceof ProbeEffect.Ask ask) {
                send(ask.helper().name(), ask.request());
            } else if (effect instanceof ProbeEffect.StreamPing ping) {
                if (pool.node(ping.target().name()).isUp()) {
                    machine.onStreamAck();
                }
            } else if (effect instanceof ProbeEffect.Schedule timer) {
                pool.after(
                        timer.after(),
                        () -> runProbe(
                                machine, machine.onTimer(timer.generation(), records(), pool.random, pool.now())));
            } else if (effect instanceof ProbeEffect.Done done) {
                probe = Optional.empty();
                run(self.onHealth(done.verdict().healthDelta()), Optional.empty());
                if (up && done.verdict() instanceof Verdict.Failed failed) {
                    hear(failed.suspicion());
                }
            }
        }
    }

    private void relay(String requester, SwimMessage.IndirectPing request) {
        long seqNo = ++lastSeqNo;
        var relay = new IndirectRelay(
                request, seqNo, new SwimMessage.Asker(self.record().address(), name));
        relays.put(seqNo, new Relaying(relay, requester));
        send(request.node(), relay.ping());
        pool.after(LAN.probeTimeout(), () -> relay.onTimeout().ifPresent(nack -> send(requester, nack)));
    }

    private void acked(SwimMessage.Ack ack) {
        Relaying relaying = relays.remove(ack.seqNo());
        if (relaying != null) {
            relaying.relay.onAck(ack).ifPresent(answer -> send(relaying.requester, answer));
        }
        probe.ifPresent(running -> runProbe(running, running.onAck(ack, pool.now())));
    }

    private void send(String to, SwimMessage message) {
        if (up) {
            pool.send(name, to, message);
        }
    }

    private void every(Duration interval, Runnable action) {
        long first = pool.random.nextLong(interval.toNanos());
        pool.after(Duration.ofNanos(first), () -> repeat(interval, action));
    }

    private void repeat(Duration interval, Runnable action) {
        if (up) {
            action.run();
            pool.after(interval, () -> repeat(interval, action));
        }
    }

    private int poolSize() {
        return Roster.poolSize(records());
    }

    private List<MemberRecord> records() {
        List<MemberRecord> records = new ArrayList<>();
        records.add(self.record());
        members.values().forEach(machine -> machine.record().ifPresent(records::add));
        return records;
    }

    private final class Candidates implements ProbeRing.Candidates {
        @Override
        public Optional<MemberRecord> find(String wanted) {
            return wanted.equals(name)
                    ? Optional.of(self.record())
                    : Optional.ofNullable(members.get(wanted)).flatMap(MemberMachine::record);
        }

        @Override
        public List<MemberRecord> records() {
            return SimNode.this.records();
        }

        @Override
        public Arrivals arrivals() {
            Set<String> now = new TreeSet<>();
            records().stream()
                    .filter(MemberRecord::pooled)
                    .map(MemberRecord::name)
                    .forEach(now::add);
            for (String one : now) {
                if (!pooled.contains(one)) {
                    arrivals = arrivals.plus(one);
                }
            }
            pooled = now;
            return arrivals;
        }
    }

    private record Relaying(IndirectRelay relay, String requester) {}
}
