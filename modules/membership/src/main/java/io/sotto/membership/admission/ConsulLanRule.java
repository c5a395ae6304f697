package io.sotto.membership.admission;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Consul asks of members of a LAN pool: its datacenter, its segment, and a node id of their own.
 *
 * <p>As with every hook, a node must also have an address of 4 or 16 bytes, tags that fit, and six version bytes.
 * Immutable and safe to share. The texts are Consul's where it has one. Source: gossip specification, sections 9, 14 and
 * 19.1.
 */
public final class ConsulLanRule implements AdmissionRule {
    private static final Pattern BUILD =
            Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})(-[0-9A-Za-z.-]+)?(\\+.*)?");
    private static final long[] UNIQUE_IDS_SINCE = {0, 8, 5};

    private final String nodeName;
    private final String nodeId;
    private final String datacenter;
    private final String segment;

    /**
     * @param nodeName our own name
     * @param nodeId our own {@code id} tag; empty if we have none
     * @param datacenter the {@code dc} that servers and clients must carry
     * @param segment the segment that all must carry; empty for the default one
     */
    public ConsulLanRule(String nodeName, String nodeId, String datacenter, String segment) {
        this.nodeName = nodeName;
        this.nodeId = nodeId;
        this.datacenter = datacenter;
        this.segment = segment;
    }

    @Override
    public Optional<String> objection(List<Candidate> candidates) {
        Map<String, String> nameById = new HashMap<>();
        for (Candidate candidate : candidates) {
            Map<String, String> tags = Tags.decode(candidate.meta());
            Optional<String> objection = CandidateForm.objection(candidate)
                    .or(() -> idObjection(candidate, tags, nameById))
                    .or(() -> placeObjection(candidate.name(), tags));
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private Optional<String> idObjection(Candidate candidate, Map<String, String> tags, Map<String, String> nameById) {
        String id = tags.getOrDefault("id", "");
        if (id.isEmpty() || candidate.state() == NodeState.LEFT) {
            return Optional.empty();
        }
        if (id.equals(nodeId) && !candidate.name().equals(nodeName)) {
            return Optional.of(
                    "Member '" + candidate.name() + "' has conflicting node ID '" + id + "' with this agent's ID");
        }
        String other = nameById.get(id);
        if (other != null) {
            return Optional.of("Member '" + candidate.name() + "' has conflicting node ID '" + id + "' with member '"
                    + other + "'");
        }
        if (hasUniqueId(tags.getOrDefault("build", ""))) {
            nameById.put(id, candidate.name());
        }
        return Optional.empty();
    }

    private Optional<String> placeObjection(String name, Map<String, String> tags) {
        String role = tags.getOrDefault("role", "");
        String dc = tags.getOrDefault("dc", "");
        if ((role.equals("consul") || role.equals("node")) && !dc.equals(datacenter)) {
            return Optional.of("Member '" + name + "' part of wrong datacenter '" + dc + "'");
        }
        String itsSegment = tags.getOrDefault("segment", "");
        return itsSegment.equals(segment)
                ? Optional.empty()
                : Optional.of("Member '" + name + "' part of wrong segment '" + itsSegment + "' (expected '" + segment
                        + "')");
    }

    /** A build is {@code version:revision}; older ones and unreadable ones may share an id with others. */
    private static boolean hasUniqueId(String build) {
        int colon = build.indexOf(':');
        Matcher version = BUILD.matcher(colon < 0 ? build : build.substring(0, colon));
        if (!version.matches()) {
            return false;
        }
        for (int i = 0; i < UNIQUE_IDS_SINCE.length; i++) {
            long part = Long.parseLong(version.group(i + 1));
            if (part != UNIQUE_IDS_SINCE[i]) {
                return part > UNIQUE_IDS_SINCE[i];
            }
        }
        return version.group(4) == null;
    }
}
