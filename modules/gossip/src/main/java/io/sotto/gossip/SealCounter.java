package io.sotto.gossip;

import io.sotto.gossip.rotation.NonceBudget;
import io.sotto.gossip.rotation.SealLedger;
import io.sotto.gossip.rotation.Seals;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How many messages this node has sealed, in all and with the present primary key, earlier lives included: how much of a
 * key's budget is spent. Where the budget says so, it gives no nonce beyond it, so that nothing is sealed. It forgets a key
 * with its removal from the ring.
 *
 * <p>Messages that are being sealed while the primary key changes may be counted for the new one. Counting and reading are
 * for any thread and take no lock; {@link #ring} and {@link #writeAhead} block on the disk and are called by the actors of the
 * keyring and of rotations. Source: security rules, "Keys", the one nonce rule.
 */
final class SealCounter implements Seals {
    private final NonceBudget budget;
    private final SealLedger ledger;
    private final Supplier<Instant> clock;
    private final LongAdder seals = new LongAdder();
    private final LongAdder refused = new LongAdder();
    /** By key id, the present primary's among them: as written down, or as it stood when another key became the primary. */
    private final Map<String, SealLedger.Entry> entries = new HashMap<>();

    private boolean isLoaded;
    private volatile String primary = "";
    private volatile Instant since = Instant.EPOCH;
    /** What {@link #seals} stood at when the present primary key had sealed nothing; negative with what earlier lives sealed. */
    private volatile long base;
    /** What {@link #withPrimary} was when it was looked at last. */
    private long before;

    /** Counts without end and remembers nothing. */
    SealCounter() {
        this(NonceBudget.defaults(), SealLedger.beside(Optional.empty()), () -> Instant.EPOCH);
    }

    SealCounter(NonceBudget budget, SealLedger ledger, Supplier<Instant> clock) {
        this.budget = budget;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** {@code source}, with every nonce counted; for one owner, as that is. It throws rather than give one too many. */
    NonceSource counted(NonceSource source) {
        boolean refuses = budget.action() == NonceBudget.Action.REFUSE;
        return refuses
                ? new Limited(source)
                : (target, offset) -> {
                    source.next(target, offset);
                    seals.increment();
                };
    }

    /** This ring is in force from now on. Answers what went wrong with the file, for the log. */
    synchronized Optional<String> ring(Keyring ring) {
        Optional<String> fault = load();
        String next = ring.primary().map(GossipKey::id).orElse("");
        Set<String> kept = ring.keys().stream().map(GossipKey::id).collect(Collectors.toSet());
        boolean changes = !next.equals(primary);
        if (changes) {
            if (!primary.isEmpty()) {
                entries.put(primary, new SealLedger.Entry(since, withPrimary()));
            }
            SealLedger.Entry known = entries.getOrDefault(next, new SealLedger.Entry(clock.get(), 0));
            since = known.since();
            base = seals.sum() - known.messages();
            before = known.messages();
            primary = next;
        }
        changes |= entries.keySet().retainAll(kept);
        return changes && !next.isEmpty() ? store(budget.block()).or(() -> fault) : fault;
    }

    @Override
    public synchronized Optional<String> writeAhead() {
        if (primary.isEmpty()) {
            return Optional.empty();
        }
        long now = withPrimary();
        long lately = now - before;
        before = now;
        SealLedger.Entry written = entries.get(primary);
        boolean isEnough = written != null && now + budget.block() / 2 + lately <= written.messages();
        return isEnough ? Optional.empty() : store(Math.max(budget.block(), 4 * lately));
    }

    /** Messages sealed since the pool was made, with whichever key. */
    long total() {
        return seals.sum();
    }

    /** Messages sealed with the key that is primary now, in earlier lives too. */
    long withPrimary() {
        return Math.max(0, seals.sum() - base);
    }

    @Override
    public synchronized Optional<Spent> primary() {
        return primary.isEmpty() ? Optional.empty() : Optional.of(new Spent(primary, since, withPrimary()));
    }

    /** Messages not sealed, and so not sent, because the budget is spent. */
    long refused() {
        return refused.sum();
    }

    @Override
    public NonceBudget budget() {
        return budget;
    }

    private Optional<String> load() {
        if (isLoaded) {
            return Optional.empty();
        }
        isLoaded = true;
        try {
            entries.putAll(ledger.load());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("what earlier lives sealed is not known: " + e.getMessage());
        }
    }

    private Optional<String> store(long ahead) {
        entries.put(primary, new SealLedger.Entry(since, withPrimary() + ahead));
        try {
            ledger.store(entries);
            return Optional.empty();
        } catch (IOException e) {
            entries.put(primary, new SealLedger.Entry(since, 0));
            return Optional.of("what this node seals is not written down: " + e.getMessage());
        }
    }

    /** Looks from time to time whether the budget is spent. */
    private final class Limited implements NonceSource {
        private final NonceSource source;
        private int unlooked;

        Limited(NonceSource source) {
            this.source = source;
        }

        @Override
        public void next(byte[] target, int offset) {
            if (--unlooked < 0) {
                if (withPrimary() >= budget.messages()) {
                    unlooked = 0;
                    refused.increment();
                    throw new IllegalStateException("key " + primary + " has sealed its " + budget.messages()
                            + " messages: nothing is sealed with it any more");
                }
                unlooked = budget.lookEvery() - 1;
            }
            source.next(target, offset);
            seals.increment();
        }
    }
}
