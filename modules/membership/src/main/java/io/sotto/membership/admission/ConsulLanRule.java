package io.sotto.membership.admission;

import java.util.List;
import java.util.Optional;

/**
 * What Consul asks of members of a LAN pool: its datacenter, its segment, and a node id of their own.
 *
 * <p>Immutable. The texts are Consul's. Source: gossip specification, sections 14 and 19.1.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class ConsulLanRule implements AdmissionRule {
    /**
     * @param nodeName our own name
     * @param nodeId our own {@code id} tag
     * @param datacenter the {@code dc} that servers and clients must carry
     * @param segment the segment that all must carry; empty for the default one
     */
    public ConsulLanRule(String nodeName, String nodeId, String datacenter, String segment) {}

    @Override
    public Optional<String> objection(List<Candidate> candidates) {
        throw new IllegalStateException("pending");
    }
}
