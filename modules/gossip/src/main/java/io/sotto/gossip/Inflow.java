package io.sotto.gossip;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The room that messages of others have in the mailboxes of a pool. Each kind of actor has its own, so that a flood of
 * claims takes none from acks: the members' actors together, the local member, the probes, user events and queries, and the
 * way out.
 *
 * <p>Safe to call from any thread. Source: ours; {@code sotto.gossip.flood.mailbox-max}.
 */
public final class Inflow {
    private static final int CLOSED = -1;
    /** User events and queries can be long: each takes the room of one message for so many bytes. */
    private static final int BYTES_PER_MESSAGE = 1_024;

    private final MailRoom claims;
    private final MailRoom local;
    private final MailRoom probes;
    private final MailRoom news;
    private final MailRoom events;
    private final MailRoom proofs;
    private final Map<ActorRef<?>, AtomicInteger> members = new ConcurrentHashMap<>();

    Inflow(int mailboxMax) {
        this.claims = new MailRoom(mailboxMax);
        this.local = new MailRoom(mailboxMax);
        this.probes = new MailRoom(mailboxMax);
        this.news = new MailRoom(mailboxMax);
        this.events = new MailRoom(mailboxMax);
        this.proofs = new MailRoom(mailboxMax);
    }

    /** Claims and intents on their way to {@link Members}, and from there or straight to a {@link RemoteMember}. */
    MailRoom claims() {
        return claims;
    }

    /** What is asked or said of this node: {@link LocalMember}. */
    MailRoom local() {
        return local;
    }

    /** Acks, nacks, and requests to ping for others: {@link ProbeScheduler}. */
    MailRoom probes() {
        return probes;
    }

    /** Names that are no members yet, on their way to {@link Prover}. */
    MailRoom proofs() {
        return proofs;
    }

    /** What others make us send or spread: {@link Broadcasts}. */
    MailRoom news() {
        return news;
    }

    /** Whether one more answer, or answer to pass on, of so many bytes may be told to {@link Events}. */
    boolean enterEvents(int bytes) {
        return events.enter(messages(bytes));
    }

    /** Whether one more user event or query of so many bytes may be told to {@link Events}; both come again. */
    boolean enterEventsIfQuiet(int bytes) {
        return events.enterIfQuiet(messages(bytes));
    }

    /** {@link Events} took a message of so many bytes up. */
    void leftEvents(int bytes) {
        events.left(messages(bytes));
    }

    private static int messages(int bytes) {
        return 1 + bytes / BYTES_PER_MESSAGE;
    }

    /** A member's actor begins; before that nobody may know it. */
    void open(ActorRef<?> member) {
        members.put(member, new AtomicInteger());
    }

    /** Whether one more claim may be told to this member's actor. */
    boolean enter(ActorRef<?> member) {
        AtomicInteger waiting = members.get(member);
        if (waiting == null) {
            // It has ended, and what it is told is lost.
            return true;
        }
        if (!claims.enter()) {
            return false;
        }
        int before = waiting.getAndUpdate(now -> now == CLOSED ? CLOSED : now + 1);
        if (before == CLOSED) {
            claims.left();
        }
        return true;
    }

    /** This member's actor took a claim up. */
    void left(ActorRef<?> member) {
        AtomicInteger waiting = members.get(member);
        if (waiting != null && waiting.getAndUpdate(now -> now > 0 ? now - 1 : now) > 0) {
            claims.left();
        }
    }

    /** This member's actor has ended; what waited for it is lost. */
    void close(ActorRef<?> member) {
        AtomicInteger waiting = members.remove(member);
        if (waiting != null) {
            claims.left(Math.max(0, waiting.getAndSet(CLOSED)));
        }
    }

    /** Claims and intents that wait now, about. */
    public int claimsWaiting() {
        return claims.waiting();
    }

    /** Questions to this node, and claims about it, that wait now. */
    public int localWaiting() {
        return local.waiting();
    }

    /** Acks, nacks and requests to ping for others that wait now. */
    public int probesWaiting() {
        return probes.waiting();
    }

    /** Answers and news that others caused and that wait to be sent or queued now. */
    public int newsWaiting() {
        return news.waiting();
    }

    /** User events, queries and answers that wait now, long ones counted as several. */
    public int eventsWaiting() {
        return events.waiting();
    }

    public long claimsRefused() {
        return claims.refused();
    }

    public long localRefused() {
        return local.refused();
    }

    public long probesRefused() {
        return probes.refused();
    }

    public long eventsRefused() {
        return events.refused();
    }

    public long newsRefused() {
        return news.refused();
    }
}
