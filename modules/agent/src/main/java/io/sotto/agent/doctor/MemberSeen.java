package io.sotto.agent.doctor;

import java.util.List;
import java.util.Optional;

/**
 * A member as the agent that was asked sees it.
 *
 * @param address literal, with the port of its gossip
 * @param status {@code alive}, {@code leaving}, {@code left}, {@code failed} or {@code none}
 * @param build what it says of its version; empty if nothing
 * @param self whether it is the agent that was asked
 * @param report what it says of its own encryption, sealed; empty if it says nothing
 * @param traffic how what came from its address came; empty where the agent that was asked does not know
 * @param refused for what reasons something from its address was refused
 */
public record MemberSeen(
        String name,
        String address,
        String status,
        String build,
        boolean self,
        Optional<Report> report,
        Optional<Traffic> traffic,
        List<String> refused) {
    public MemberSeen {
        refused = List.copyOf(refused);
    }

    /**
     * What a member says of itself.
     *
     * @param primary the id of the key that it seals with; empty without a key
     * @param keys the ids of all that it holds
     */
    public record Report(
            String primary,
            List<String> keys,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            String label,
            boolean labelEnforced,
            String version) {
        public Report {
            keys = List.copyOf(keys);
        }
    }

    /**
     * What was seen of its address.
     *
     * @param plain whether what came last was not sealed
     * @param sealedWith the id of the key that it was sealed with; empty if it was not
     */
    public record Traffic(boolean plain, String sealedWith) {}

    /** Whether it should answer. */
    public boolean alive() {
        return status.equals("alive");
    }

    /** The key that it seals with, by its own word or else by its traffic; empty if it seals nothing. */
    String key() {
        return report.map(Report::primary)
                .filter(id -> !id.isEmpty())
                .or(() -> traffic.map(Traffic::sealedWith))
                .orElse("");
    }
}
