package io.sotto.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One member as one node sees it: what {@code serf members}, {@code consul members} and {@code sotto members} show alike. */
record MemberLine(String name, String address, String status) {
    /** Consul's numbers for a member's status. */
    private static final List<String> STATUSES = List.of("none", "alive", "leaving", "left", "failed");

    /** From what the {@code members} verbs of serf and sotto print with {@code -format json}. */
    static Set<MemberLine> ofVerb(JsonNode printed) {
        return StreamSupport.stream(printed.path("members").spliterator(), false)
                .map(member -> new MemberLine(
                        member.path("name").asText(),
                        member.path("addr").asText(),
                        member.path("status").asText()))
                .collect(Collectors.toSet());
    }

    /** From Consul's and sotto's {@code /v1/agent/members}. */
    static Set<MemberLine> ofApi(JsonNode answer) {
        return StreamSupport.stream(answer.spliterator(), false)
                .map(member -> new MemberLine(
                        member.path("Name").asText(),
                        Site.address(
                                member.path("Addr").asText(),
                                member.path("Port").asInt()),
                        STATUSES.get(member.path("Status").asInt())))
                .collect(Collectors.toSet());
    }
}
