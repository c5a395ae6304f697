package io.sotto.membership.admission;

import io.sotto.wire.message.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Consul asks of members of a WAN pool: that each is a server whose tags can be read.
 *
 * <p>Besides, which is ours, that it is named after its datacenter, {@code node.dc}, as all real ones are: so a message of a
 * LAN pool that is sealed with the same key means nothing here. Immutable and safe to share. The texts are Consul's where it
 * has one. Source: gossip specification, sections 14 and 19.2.
 */
public final class ConsulWanRule implements AdmissionRule {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
    private static final Pattern BUILD = Pattern.compile("v?[0-9]{1,9}(\\.[0-9]{1,9}){0,9}([-+].*)?");

    private static final List<String> WHERE_PRESENT = List.of("expect", "raft_vsn", "wan_join_port");

    public ConsulWanRule() {}

    @Override
    public Optional<String> objection(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            Optional<String> objection = CandidateForm.objection(candidate).or(() -> serverObjection(candidate));
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> serverObjection(Candidate candidate) {
        Map<String, String> tags = Tags.decode(candidate.meta());
        if (!isServer(tags)) {
            return Optional.of("Member '" + candidate.name() + "' is not a server");
        }
        String datacenter = tags.getOrDefault("dc", "");
        boolean isNamed = !datacenter.isEmpty()
                && candidate.name().endsWith("." + datacenter)
                && candidate.name().length() > datacenter.length() + 1;
        return isNamed
                ? Optional.empty()
                : Optional.of(
                        "Member '" + candidate.name() + "' is not named after its datacenter '" + datacenter + "'");
    }

    private static boolean isServer(Map<String, String> tags) {
        String build = tags.getOrDefault("build", "");
        int colon = build.indexOf(':');
        return tags.getOrDefault("role", "").equals("consul")
                && isWhole(tags.getOrDefault("port", ""))
                && isWhole(tags.getOrDefault("vsn", ""))
                && BUILD.matcher(colon < 0 ? build : build.substring(0, colon)).matches()
                && WHERE_PRESENT.stream().allMatch(name -> isWhole(tags.getOrDefault(name, "0")))
                && tags.entrySet().stream().allMatch(ConsulWanRule::isReadable);
    }

    /** Features are numbers, segments are addresses. */
    private static boolean isReadable(Map.Entry<String, String> tag) {
        if (tag.getKey().startsWith("ft_")) {
            return isWhole(tag.getValue());
        }
        return !tag.getKey().startsWith("sl_") || tag.getValue().lastIndexOf(':') > 0;
    }

    private static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }
}
