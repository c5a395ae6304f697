package io.sotto.bench;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.CountedNonceSource;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Sealing and opening of one packet against a bare JDK cipher: targets P1 to P4. What is sealed begins like a message, as
 * all gossip does, since that is what opening with many keys goes by.
 */
final class SealBenchmark implements Bench.Benchmark {
    private static final int OVERHEAD_BYTES = 29;
    /** An alive message: its type byte, a map of six, and the first name in it. */
    private static final byte[] BEGINNING = {4, (byte) 0x86, (byte) 0xa4, 'A', 'd', 'd', 'r'};

    private static final int PACKETS = 64;
    /** Frames below an actor's stage are some 40; this is more than any embedder should have. */
    private static final int DEEP = 200;
    /** The opener remembers the last good key of each source; gossip comes from few. */
    private static final long SOURCE = 1;

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        Report report = new Report("seal: one packet, against one kept JDK cipher in the same run");
        PairedRun runs = new PairedRun(brief);
        for (int size : new int[] {1_400, 100}) {
            boolean large = size == 1_400;
            progress.println("seal: " + size + " bytes");
            report.ratio(
                    large ? "P1" : "P3",
                    "seal " + size + " B, nonce included",
                    seal(runs, size),
                    large ? 1.15 : 1.5,
                    1_000,
                    "us");
            progress.println("open: " + size + " bytes");
            report.ratio(
                    large ? "P2" : "P3",
                    "open " + size + " B",
                    open(runs, size, 1, 0),
                    large ? 1.10 : 1.2,
                    1_000,
                    "us");
        }
        progress.println("open with the 8th of 8 keys");
        report.ratio("P4", "open 1400 B with the 8th of 8 keys", open(runs, 1_400, 8, 0), 1.5, 1_000, "us");
        progress.println("the same deep in a stack");
        report.ratio(
                "P4",
                "open 1400 B with the 8th of 8 keys, " + DEEP + " calls deep",
                open(runs, 1_400, 8, DEEP),
                1.5,
                1_000,
                "us");
        report.ratio(
                "P4",
                "open 1400 B with the 8th of 8 keys, source unknown, " + DEEP + " calls deep",
                openFromAnywhere(runs),
                1.5,
                1_000,
                "us");
        progress.println("garbage of sealing");
        double garbage = garbage(1_400);
        report.add(new Report.Line(
                "P1",
                "garbage of sealing 1400 B into a given array",
                garbage,
                Optional.empty(),
                garbage,
                Optional.of(1_300.0),
                "B"));
        if (runs.sink() == 0) {
            throw new IllegalStateException("nothing was computed");
        }
        return report;
    }

    private static PairedRun.Result seal(PairedRun runs, int size) throws Exception {
        byte[] keyBytes = random(32);
        byte[] plain = message(size);
        byte[] target = new byte[size + OVERHEAD_BYTES];
        Sealer sealer = sealer();
        GossipKey key = GossipKey.of(keyBytes);
        BareCipher bare = new BareCipher(keyBytes);
        return runs.compare(
                operations -> {
                    long sum = 0;
                    for (int i = 0; i < operations; i++) {
                        sum += sealer.sealInto(key, plain, 0, plain.length, Octets.empty(), target, 0);
                        sum += target[20];
                    }
                    return sum;
                },
                operations -> {
                    long sum = 0;
                    for (int i = 0; i < operations; i++) {
                        sum += bare.seal(plain, target);
                        sum += target[20];
                    }
                    return sum;
                });
    }

    private static PairedRun.Result openFromAnywhere(PairedRun runs) throws Exception {
        // No source is seen twice in a row, so no last good key helps: the hint alone finds the key.
        return open(runs, 1_400, 8, DEEP, true);
    }

    private static PairedRun.Result open(PairedRun runs, int size, int keys, int depth) throws Exception {
        return open(runs, size, keys, depth, false);
    }

    private static PairedRun.Result open(PairedRun runs, int size, int keys, int depth, boolean anySource)
            throws Exception {
        byte[] keyBytes = random(32);
        GossipKey key = GossipKey.of(keyBytes);
        Keyring ring = Keyring.of(keys == 1 ? key : GossipKey.of(random(32)), others(keys, key));
        Sealer sealer = sealer();
        byte[][] sealed = new byte[PACKETS][];
        Octets[] payloads = new Octets[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            byte[] plain = message(size);
            sealed[i] = sealer.seal(key, plain, 0, plain.length, Octets.empty());
            payloads[i] = Octets.wrap(sealed[i]);
        }
        Opener opener = new Opener();
        BareCipher bare = new BareCipher(keyBytes);
        byte[] target = new byte[size];
        return runs.compare(
                deep(depth, operations -> {
                    long sum = 0;
                    for (int i = 0; i < operations; i++) {
                        long source = anySource ? i : SOURCE;
                        int length = opener.openInto(ring, payloads[i % PACKETS], Octets.empty(), source, target, 0);
                        if (length != size) {
                            throw new IllegalStateException("opened " + length + " bytes");
                        }
                        sum += target[length - 1];
                    }
                    return sum;
                }),
                deep(depth, operations -> {
                    long sum = 0;
                    for (int i = 0; i < operations; i++) {
                        sum += bare.open(sealed[i % PACKETS], target);
                    }
                    return sum;
                }));
    }

    /** The work under so many frames more, as below an actor; what an exception costs grows with them. */
    private static PairedRun.Work deep(int depth, PairedRun.Work work) {
        return depth == 0 ? work : operations -> deep(depth - 1, work).run(operations);
    }

    private static GossipKey[] others(int keys, GossipKey last) {
        GossipKey[] others = new GossipKey[Math.max(0, keys - 1)];
        for (int i = 0; i < others.length; i++) {
            others[i] = i == others.length - 1 ? last : GossipKey.of(random(32));
        }
        return others;
    }

    private static double garbage(int size) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] plain = message(size);
        byte[] target = new byte[size + OVERHEAD_BYTES];
        Sealer sealer = sealer();
        GossipKey key = GossipKey.of(random(32));
        int operations = 20_000;
        long before = 0;
        for (int i = 0; i < 2 * operations; i++) {
            if (i == operations) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            sealer.sealInto(key, plain, 0, plain.length, Octets.empty(), target, 0);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) operations;
    }

    private static Sealer sealer() {
        SecureRandom secure = new SecureRandom();
        return new Sealer(new CountedNonceSource(secure::nextBytes, System::currentTimeMillis, System::nanoTime));
    }

    private static byte[] message(int size) {
        byte[] message = random(size);
        System.arraycopy(BEGINNING, 0, message, 0, BEGINNING.length);
        return message;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        SEEDED.nextBytes(bytes);
        return bytes;
    }

    /** Which bytes are sealed makes no difference to the time; the same ones every run are one doubt less. */
    private static final SplittableRandom SEEDED = new SplittableRandom(20_261_122);
}
