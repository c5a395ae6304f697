package io.sotto.rpc.tls;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.supervision.SecondTry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Where everybody takes the snapshot in force from, and where the figures about it are read. For any thread; written by the
 * {@link Tls} actor only.
 */
public final class TlsFeed implements Supplier<TlsSnapshot> {
    private final InstantSource time;
    private volatile TlsSnapshot inForce;
    private final TlsReading first;
    private final LongAdder swaps = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder alarms = new LongAdder();
    private volatile SecondTry.Faults faults = SecondTry.Faults.NONE;

    private TlsFeed(InstantSource time, TlsSnapshot snapshot, TlsReading first) {
        this.time = time;
        this.inForce = snapshot;
        this.first = first;
    }

    /**
     * Reads and checks the files for the first time; for the start of a process. Blocks on the disk.
     *
     * @throws InvalidTlsException with every fault at once: nothing starts half-configured
     */
    public static TlsFeed load(TlsFiles files, InstantSource time) throws InvalidTlsException {
        TlsReading reading = TlsReader.read(files);
        return new TlsFeed(time, snapshot(reading, 1, time), reading);
    }

    /** The snapshot in force. */
    @Override
    public TlsSnapshot get() {
        return inForce;
    }

    /** What an operator should know of the files and the settings now. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(first.warnings());
        all.addAll(get().warnings());
        return List.copyOf(all);
    }

    /** How long the own certificate is still valid; negative once it is not, empty without one. */
    public Optional<Duration> certificateLeft() {
        return get().own().map(leaf -> leaf.left(time.instant()));
    }

    /** How long the trusted authority is still valid that ends first; empty without one. */
    public Optional<Duration> authorityLeft() {
        Instant now = time.instant();
        return get().authorities().stream()
                .map((CertificateFacts authority) -> authority.left(now))
                .min(Duration::compareTo);
    }

    /** How often a new snapshot took the place of one. */
    public long swaps() {
        return swaps.sum();
    }

    /** How often new files or settings were refused, and the old snapshot kept. */
    public long refusals() {
        return refusals.sum();
    }

    /** How often a peer was seen whose certificate is right and that acted as a server without being one. */
    public long alarms() {
        return alarms.sum();
    }

    /** For tests: what happens to each message of the actor from now on. */
    void inject(SecondTry.Faults newFaults) {
        faults = newFaults;
    }

    SecondTry.Faults faults() {
        return faults;
    }

    InstantSource time() {
        return time;
    }

    TlsReading first() {
        return first;
    }

    /** Throws with every fault; nothing has changed then. */
    TlsSnapshot next(TlsReading reading) throws InvalidTlsException {
        TlsSnapshot old = get();
        TlsSnapshot next = snapshot(reading, old.generation() + 1, time);
        if (old.selfCheck().isEmpty() && !next.selfCheck().isEmpty()) {
            throw new InvalidTlsException(next.selfCheck().stream()
                    .map(fault -> "peers would refuse the new certificate: " + fault.explain())
                    .toList());
        }
        return next;
    }

    void swap(TlsSnapshot next) {
        inForce = next;
        swaps.increment();
    }

    void refused() {
        refusals.increment();
    }

    void alarmed() {
        alarms.increment();
    }

    private static TlsSnapshot snapshot(TlsReading reading, long generation, InstantSource time)
            throws InvalidTlsException {
        if (!reading.faults().isEmpty()) {
            throw new InvalidTlsException(reading.faults());
        }
        return TlsSnapshot.create(reading.settings(), generation, time);
    }
}
