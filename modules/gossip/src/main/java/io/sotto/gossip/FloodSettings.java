package io.sotto.gossip;

import com.typesafe.config.Config;

/**
 * What a pool lets itself be made to do by others, however much they send.
 *
 * @param answerRate answers to pings, and pings for others, that go to one address in a second, an IPv6 network of 64 bits
 *     counting as one; 0 is without end; the surplus is dropped and counted
 * @param answerBurst how many of them may go at once
 * @param mailboxMax messages of others that may wait in one mailbox, the members' mailboxes counted together; what exceeds
 *     it is dropped and counted
 * @param newsMax claims about members that may wait to be gossiped; of more than that, the most often sent and the eldest
 *     are dropped and counted, but none about this node
 * @param newMembersRate names never heard of that may become members in a second, but for what an exchange that we asked
 *     for brings; 0 is without end; the surplus is turned away, counted, and heard again
 * @param newMembersBurst how many of them may at once
 * @param membersMax names that a pool keeps at all
 * @param ledgerMax suspicions that run, and as many that have ended, of which operators are told
 * @param eventsMemoryMaxBytes what the user events that are remembered may take together; of more, the eldest are forgotten
 * @param queriesMax queries of others that applications may have unanswered, and queries of ours that may be under way
 */
public record FloodSettings(
        int answerRate,
        int answerBurst,
        int mailboxMax,
        int newsMax,
        int newMembersRate,
        int newMembersBurst,
        int membersMax,
        int ledgerMax,
        int eventsMemoryMaxBytes,
        int queriesMax) {
    public FloodSettings {
        requireNotNegative("answerRate", answerRate);
        requirePositive("answerBurst", answerBurst);
        requirePositive("mailboxMax", mailboxMax);
        requirePositive("newsMax", newsMax);
        requireNotNegative("newMembersRate", newMembersRate);
        requirePositive("newMembersBurst", newMembersBurst);
        requirePositive("membersMax", membersMax);
        requirePositive("ledgerMax", ledgerMax);
        requirePositive("eventsMemoryMaxBytes", eventsMemoryMaxBytes);
        requirePositive("queriesMax", queriesMax);
    }

    /**
     * 1,000 answers a second to one address, 1,024 at once; 8,192 messages in a mailbox; 4,096 claims to gossip; 10 new
     * members a second, 4,096 at once, 65,536 members; 256 suspicions; 1 MiB of user events, 1,024 queries.
     */
    public static FloodSettings defaults() {
        return new FloodSettings(1_000, 1_024, 8_192, 4_096, 10, 4_096, 65_536, 256, 1 << 20, 1_024);
    }

    /** Reads {@code sotto.gossip.flood}. */
    public static FloodSettings from(Config flood) {
        return new FloodSettings(
                flood.getInt("answer-rate"),
                flood.getInt("answer-burst"),
                flood.getInt("mailbox-max"),
                flood.getInt("news-max"),
                flood.getInt("new-members-rate"),
                flood.getInt("new-members-burst"),
                flood.getInt("members-max"),
                flood.getInt("ledger-max"),
                (int) Math.min(Integer.MAX_VALUE, flood.getBytes("events-memory-max")),
                flood.getInt("queries-max"));
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + value);
        }
    }
}
