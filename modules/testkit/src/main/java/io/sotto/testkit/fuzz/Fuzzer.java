package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes hostile and sound input for whatever reads gossip.
 *
 * <p>Every case is a function of the seed, the target, the kind and the index alone: it can be made again on another machine
 * from the short {@link FuzzCase#id}. What the cases of one kind contain is weighted towards small inputs in which one thing
 * is wrong; about a third are sound, so that what is wrong meets state that is worth harming.
 *
 * <pre>{@code
 * Fuzzer fuzzer = Fuzzer.create(42, FuzzTarget.plain("one"));
 * fuzzer.cases(FuzzKind.PLAIN, 0, 100_000).forEach(fuzzCase -> {
 *     boolean accepted = handler.offer(fuzzCase.bytes());
 *     if (accepted && fuzzCase.verdict() == Verdict.MUST_BE_REJECTED) {
 *         throw new AssertionError(fuzzCase);
 *     }
 * });
 * }</pre>
 *
 * <p>Addresses in sound messages are in {@code 127.99.0.0/16}, port 9, where nobody listens; member names are {@code
 * may-NNNN} in what may be accepted and {@code bad-NNNN} in messages that must be rejected: a member of the second name that
 * is ever listed proves a fault.
 *
 * <p>Keeps a cipher between calls, so it has one owner and must not be used by two threads; several fuzzers of one seed
 * give equal cases. Source: gossip specification, sections 2 to 8, 16 and 21; security rules, "Rules for the packet path".
 */
public final class Fuzzer {
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private final long seed;
    private final FuzzTarget target;
    private final SealForge seals;
    private final StreamForge streams;

    private Fuzzer(long seed, FuzzTarget target) {
        this.seed = seed;
        this.target = target;
        this.seals = new SealForge(target);
        this.streams = new StreamForge(target);
    }

    /** A fuzzer of one seed, for one target. */
    public static Fuzzer create(long seed, FuzzTarget target) {
        return new Fuzzer(seed, target);
    }

    /**
     * Makes the case with this id again; the target must be configured as the one that it was made for.
     *
     * @throws IllegalArgumentException for what is no id
     */
    public static FuzzCase replay(String id, FuzzTarget target) {
        String[] parts = id.split(":", -1);
        for (FuzzKind kind : FuzzKind.values()) {
            if (parts.length == 3 && kind.label().equals(parts[0])) {
                return create(Long.parseLong(parts[1]), target).at(kind, Long.parseLong(parts[2]));
            }
        }
        throw new IllegalArgumentException("\"" + id + "\" is no case: they are called kind:seed:index");
    }

    /**
     * The case with this number, 0 or more.
     *
     * @throws IllegalStateException for {@code SEALED} and {@code FLIPPED} when the target has no key
     */
    public FuzzCase at(FuzzKind kind, long index) {
        Chance chance = new Chance(new SplittableRandom(mixed(kind, index)));
        Piece piece = switch (kind) {
            case PLAIN -> seals.plain(chance);
            case SEALED -> seals.sealed(chance);
            case FLIPPED -> seals.flipped(chance);
            case STREAM -> streams.request(chance);
        };
        return new FuzzCase(
                kind,
                seed,
                index,
                piece.what(),
                piece.doomed() ? Verdict.MUST_BE_REJECTED : Verdict.MAY_BE_ACCEPTED,
                piece.sound(),
                Octets.wrap(piece.bytes()));
    }

    /** The cases {@code from} to {@code from + count - 1}, made as they are taken. */
    public Stream<FuzzCase> cases(FuzzKind kind, long from, long count) {
        return LongStream.range(from, from + count).mapToObj(index -> at(kind, index));
    }

    /** The target that the cases are made for. */
    public FuzzTarget target() {
        return target;
    }

    private long mixed(FuzzKind kind, long index) {
        // SplittableRandom mixes what it gives, not what it is given: neighbours must not begin alike.
        long mixed = (seed * GOLDEN + index) * GOLDEN + kind.salt;
        mixed = (mixed ^ (mixed >>> 32)) * GOLDEN;
        return mixed ^ (mixed >>> 29);
    }
}
