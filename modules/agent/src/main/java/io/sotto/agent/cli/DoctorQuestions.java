package io.sotto.agent.cli;

import io.sotto.agent.doctor.AgentSeen;
import io.sotto.agent.doctor.MemberSeen;
import io.sotto.agent.doctor.UpshiftSeen;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What {@code doctor} asks a running agent: itself, its members, the state of their encryption, and who answers over UDP. */
final class DoctorQuestions {
    /** What agents of other makes do not answer. */
    private static final int UNKNOWN = 404;

    private static final String[] STATUS = {"none", "alive", "leaving", "left", "failed"};
    /** Short, since a missing ack is asked for once more. */
    private static final String PING = "/v1/agent/query/_serf_ping?timeout=2s";
    /** With the headers of a query this nearly fills a packet of 1400 bytes, sealed. */
    private static final int LARGE_BYTES = 900;

    private final ApiClient api;

    DoctorQuestions(ApiClient api) {
        this.api = api;
    }

    /** The agent answered, but not what was hoped for. */
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;

        Unanswered(String text) {
            super(text);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** What the agent says of itself. */
    Json self() throws UnreachableException, Unanswered {
        return read(api.get("/v1/agent/self"));
    }

    List<Json> members() throws UnreachableException, Unanswered {
        return read(api.get("/v1/agent/members?segment=_all")).asElements();
    }

    /** Empty where the agent does not know of such a thing. */
    Optional<Json> gossip() throws UnreachableException, Unanswered {
        ApiClient.Reply reply = api.get("/v1/agent/gossip/status");
        return reply.status() == UNKNOWN ? Optional.empty() : Optional.of(read(reply));
    }

    /** The upshifts that were ever begun, as far as the agent knows of such things and may tell. */
    List<UpshiftSeen> upshifts() throws UnreachableException, Unanswered {
        List<UpshiftSeen> upshifts = new ArrayList<>();
        for (UpshiftWords kind : UpshiftWords.values()) {
            ApiClient.Reply reply = api.get(kind.path());
            if (reply.status() != UNKNOWN) {
                Json told = read(reply);
                if (!told.get("Id").asText().isEmpty()) {
                    upshifts.add(upshift(kind, told));
                }
            }
        }
        return upshifts;
    }

    private static UpshiftSeen upshift(UpshiftWords kind, Json told) {
        return new UpshiftSeen(
                kind.word(),
                told.get("Driver").asText(),
                told.get("Confirmed").asText(),
                on(told.get("UnderWay")),
                on(told.get("WaitingForNext")),
                told.get("Outcome").asText(),
                UpshiftText.waitingFor(told).keySet().stream()
                        .filter(name -> !name.isEmpty())
                        .toList(),
                UpshiftText.without(told));
    }

    /**
     * Who acks a query, asked again if somebody wanted did not; empty where the agent does not ask.
     *
     * @param wanted the names of those who should
     */
    Optional<Set<String>> acks(Set<String> wanted, boolean large) throws UnreachableException, Unanswered {
        Set<String> acked = new TreeSet<>();
        for (int round = 0; round < 2 && !acked.containsAll(wanted); round++) {
            ApiClient.Reply reply = api.follow(
                    "PUT",
                    PING,
                    large ? new byte[LARGE_BYTES] : new byte[0],
                    line -> acker(line).ifPresent(acked::add));
            if (reply.status() == UNKNOWN) {
                return Optional.empty();
            }
            if (!reply.good()) {
                throw new Unanswered(reply.fault());
            }
        }
        return Optional.of(acked);
    }

    private static Optional<String> acker(String line) {
        try {
            Json progress = Json.parse(line);
            return progress.get("Type").asText().equals("ack")
                    ? Optional.of(progress.get("From").asText())
                    : Optional.empty();
        } catch (JsonException notProgress) {
            return Optional.empty();
        }
    }

    private static Json read(ApiClient.Reply reply) throws Unanswered {
        if (!reply.good()) {
            throw new Unanswered(reply.fault());
        }
        try {
            return Json.parse(reply.body());
        } catch (JsonException e) {
            throw new Unanswered(e.text());
        }
    }

    /** The agent's settings by its own word. */
    static AgentSeen agent(Json self) {
        Json config = self.get("DebugConfig");
        List<String> hosts = new ArrayList<>();
        int port = (int) config.get("HTTPPort").asLong();
        for (Json listener : config.get("HTTPAddrs").asElements()) {
            String address = listener.asText().replaceFirst("^tcp://", "");
            int colon = address.lastIndexOf(':');
            if (colon > 0) {
                hosts.add(address.substring(0, colon).replaceAll("^\\[|]$", ""));
            }
        }
        return new AgentSeen(
                self.get("Config").get("NodeName").asText(),
                self.get("Config").get("Datacenter").asText(),
                config.get("DNSDomain").asText().replaceAll("^\\.|\\.$", ""),
                on(self.get("Config").get("Server")),
                hosts,
                port,
                on(config.get("ACLsEnabled"))
                        && !config.get("ACLDefaultPolicy").asText().equals("allow"),
                self.get("Stats").get("serf_lan").get("encrypted").asText().equals("true"),
                on(config.get("EncryptVerifyIncoming")),
                on(config.get("EncryptVerifyOutgoing")),
                !config.get("CertFile").asText().isEmpty()
                        || !config.get("CAFile").asText().isEmpty()
                        || !config.get("CAPath").asText().isEmpty(),
                on(config.get("VerifyIncoming")) || on(config.get("VerifyIncomingRPC")),
                on(config.get("VerifyOutgoing")) || on(config.get("VerifyServerHostname")),
                on(config.get("VerifyServerHostname")));
    }

    /** Each member with what is known of its encryption. */
    static List<MemberSeen> members(List<Json> listed, Optional<Json> gossip, String self) {
        Map<String, Json> known = new HashMap<>();
        gossip.ifPresent(status -> status.get("Members")
                .asElements()
                .forEach(member -> known.put(member.get("Name").asText(), member)));
        List<MemberSeen> members = new ArrayList<>();
        for (Json member : listed) {
            String name = member.get("Name").asText();
            Json of = known.getOrDefault(name, Json.Nothing.INSTANCE);
            int status = (int) member.get("Status").asLong();
            members.add(new MemberSeen(
                    name,
                    address(member, member.get("Port").asLong()),
                    status >= 0 && status < STATUS.length ? STATUS[status] : STATUS[0],
                    member.get("Tags").get("build").asText(),
                    name.equals(self),
                    of.get("Report") instanceof Json.Fields report ? Optional.of(report(report)) : Optional.empty(),
                    traffic(of),
                    List.copyOf(of.get("Rejected").asFields().keySet())));
        }
        return members;
    }

    /** Literal, an address of IPv6 in brackets. */
    static String address(Json member, long port) {
        String ip = member.get("Addr").asText();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
    }

    private static MemberSeen.Report report(Json report) {
        return new MemberSeen.Report(
                report.get("Primary").asText(),
                report.get("Keys").asElements().stream().map(Json::asText).toList(),
                on(report.get("VerifyIncoming")),
                on(report.get("VerifyOutgoing")),
                report.get("Label").asText(),
                on(report.get("LabelEnforced")),
                report.get("Version").asText());
    }

    private static Optional<MemberSeen.Traffic> traffic(Json member) {
        String sealed = member.get("LastSealed").asText();
        String plain = member.get("LastPlain").asText();
        if (sealed.isEmpty() && plain.isEmpty()) {
            return Optional.empty();
        }
        boolean isPlain =
                sealed.isEmpty() || (!plain.isEmpty() && Instant.parse(plain).isAfter(Instant.parse(sealed)));
        return Optional.of(new MemberSeen.Traffic(
                isPlain, isPlain ? "" : member.get("SealedWith").asText()));
    }

    static boolean on(Json flag) {
        return flag.asText().equals("true");
    }
}
