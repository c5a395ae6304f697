package io.sotto.agent.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pool as one agent sees it, and what of it can be reached.
 *
 * @param members all that are listed
 * @param gossipPort of the agent that was asked
 * @param acked who sent an ack to a small query, over UDP and back; empty where the agent cannot ask
 * @param ackedLarge who did when the query filled a packet; empty where that was not tried
 * @param unreached addresses of TCP that could not be connected to, with why, by the name of their member
 * @param servers what TLS with each server came to, by name; those without are not in it
 * @param upshifts those that were ever begun
 * @param plaintextOverdueSeconds how long plaintext has been let in past the date set for its end; 0 if it is not
 * @param mtu the largest packet, in bytes, of the interface that the agent's gossip leaves by; empty if unknown
 */
public record PoolSeen(
        List<MemberSeen> members,
        int gossipPort,
        Optional<Set<String>> acked,
        Optional<Set<String>> ackedLarge,
        Map<String, Unreached> unreached,
        Map<String, ServerSeen> servers,
        List<UpshiftSeen> upshifts,
        long plaintextOverdueSeconds,
        Optional<Interface> mtu) {
    public PoolSeen {
        members = List.copyOf(members);
        acked = acked.map(Set::copyOf);
        ackedLarge = ackedLarge.map(Set::copyOf);
        unreached = Map.copyOf(unreached);
        servers = Map.copyOf(servers);
        upshifts = List.copyOf(upshifts);
    }

    /** An address that nothing answered at. */
    public record Unreached(String address, String why) {}

    /** A network interface and the largest packet that it sends. */
    public record Interface(String name, int bytes) {}

    /**
     * What a server showed.
     *
     * @param address of its RPC
     * @param refused why it is not to be trusted; empty if it is
     * @param mend the command for that; empty if there is nothing to mend
     * @param daysLeft of its certificate; empty if it showed none
     */
    public record ServerSeen(String address, String refused, String mend, Optional<Long> daysLeft) {}
}
