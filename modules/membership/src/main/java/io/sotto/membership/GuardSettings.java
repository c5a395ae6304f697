package io.sotto.membership;

/**
 * What {@code claims = guarded} goes by. Source: ours; security rules, "Rules for the packet path".
 *
 * @param incarnationJumpMax how far what others say of a member's incarnation may be from what is known, before the member
 *     itself is asked; each step is one refutation or one change of tags
 * @param candidatesMax members never heard of that wait for the answer to a ping, or for their turn to be pinged
 * @param candidatesPerAddress of them, those at one address and port
 * @param candidateRate members never heard of that are pinged for the first time in a second, and likewise senders
 * @param candidateBurst how many of either at once
 * @param sourcesMax senders that are no members and have answered a ping, remembered; and as many that are being pinged
 * @param arrivalsMax members that join by a sealed stream from another address than their own and have not spoken yet
 */
public record GuardSettings(
        long incarnationJumpMax,
        int candidatesMax,
        int candidatesPerAddress,
        int candidateRate,
        int candidateBurst,
        int sourcesMax,
        int arrivalsMax) {
    private static final long INCARNATION_MAX = 0xffff_ffffL;

    public GuardSettings {
        if (incarnationJumpMax < 1 || incarnationJumpMax > INCARNATION_MAX) {
            throw new IllegalArgumentException("incarnationJumpMax must be 1 to 4294967295, not " + incarnationJumpMax);
        }
        requirePositive("candidatesMax", candidatesMax);
        requirePositive("candidatesPerAddress", candidatesPerAddress);
        requirePositive("candidateRate", candidateRate);
        requirePositive("candidateBurst", candidateBurst);
        requirePositive("sourcesMax", sourcesMax);
        requirePositive("arrivalsMax", arrivalsMax);
    }

    /** 65,536 steps; 4,096 candidates, 4 at one address, 500 a second, 1,024 at once; 1,024 senders; 1,024 arrivals. */
    public static GuardSettings defaults() {
        return new GuardSettings(65_536, 4_096, 4, 500, 1_024, 1_024, 1_024);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
