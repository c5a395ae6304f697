package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code sotto gossip status}: how far the pool's encryption has come, and whether it may go on. */
final class GossipVerb implements ClientVerb {
    private static final String NOTHING = "-";

    @Override
    public String usage() {
        return """
            gossip status [options]

              Shows what is known of each member's encryption, and for each step of turning it
              on whether it is safe now, and if not, because of whom. Members of sotto's report
              on themselves, sealed; of others only their traffic speaks, which is a hint.

                keyed      every member has the key, both verify flags off
                outgoing   encrypt_verify_outgoing is on everywhere
                incoming   encrypt_verify_incoming is on everywhere
                remove     an old key is removed everywhere

              A step is done, safe, likely (by hints only), or unsafe.""";
    }

    @Override
    public Choices arguments() {
        return Choices.of("status");
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("wan", "Ask about the WAN pool, which only servers have.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error retrieving the gossip status";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (!flags.arguments().equals(List.of("status"))) {
            throw new UsageException("say what of gossip: gossip status");
        }
        ApiClient.Reply reply = api.get("/v1/agent/gossip/status" + (flags.on("wan") ? "?wan=1" : ""));
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json status = Json.parse(reply.body());
            console.out().print(json ? status.pretty() + "\n" : text(status));
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }

    /** The members, then the steps, then what is in force here that should end. */
    static String text(Json status) {
        Instant at = Instant.parse(status.get("At").asText());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Node", "Status", "Traffic", "Key", "Ring", "Outgoing", "Incoming", "Label", "Rejected"));
        for (Json member : status.get("Members").asElements()) {
            rows.add(row(member, at));
        }
        StringBuilder out = new StringBuilder(Columns.format(rows)).append('\n');
        for (Json step : status.get("Steps").asElements()) {
            out.append(step(step));
        }
        Json plaintext = status.get("Plaintext");
        if (plaintext instanceof Json.Fields) {
            out.append('\n').append(plaintext(plaintext)).append('\n');
        }
        return out.toString();
    }

    /** What an agent says of itself while it takes plaintext in though it holds a key. */
    static String plaintext(Json phase) {
        String until = phase.get("Until").asText();
        long overdue = phase.get("OverdueSeconds").asLong();
        return "This agent accepts plaintext since " + phase.get("Since").asText()
                + (until.isEmpty()
                        ? ", without end."
                        : overdue > 0
                                ? ": " + overdue + " s past its deadline " + until + "."
                                : ", until " + until + ".");
    }

    private static List<String> row(Json member, Instant at) {
        Json report = member.get("Report");
        boolean reports = report instanceof Json.Fields;
        String seen = member.get("SealedWith").asText();
        return List.of(
                member.get("Name").asText(),
                member.get("Presence").asText(),
                member.get("Presence").asText().equals("self") ? NOTHING : traffic(member, at),
                reports ? report.get("Primary").asText() : seen.isEmpty() ? NOTHING : seen + " (seen)",
                reports
                        ? report.get("Keys").asElements().size() + " keys"
                        : isTrue(member.get("Sotto")) ? "no report" : "gives none",
                reports ? onOff(report.get("VerifyOutgoing")) : NOTHING,
                reports ? onOff(report.get("VerifyIncoming")) : NOTHING,
                reports ? label(report) : NOTHING,
                rejected(member.get("Rejected")));
    }

    private static String traffic(Json member, Instant at) {
        String sealed = member.get("LastSealed").asText();
        String plain = member.get("LastPlain").asText();
        if (sealed.isEmpty() && plain.isEmpty()) {
            return "never heard";
        }
        boolean isPlain =
                sealed.isEmpty() || (!plain.isEmpty() && Instant.parse(plain).isAfter(Instant.parse(sealed)));
        long seconds = Math.max(
                0, Duration.between(Instant.parse(isPlain ? plain : sealed), at).toSeconds());
        return (isPlain ? "plain " : "sealed ") + seconds + "s ago";
    }

    private static String onOff(Json flag) {
        return isTrue(flag) ? "on" : "off";
    }

    private static String label(Json report) {
        String label = report.get("Label").asText();
        return (label.isEmpty() ? "none" : label) + (isTrue(report.get("LabelEnforced")) ? "" : ", others too");
    }

    private static String rejected(Json counts) {
        String text = new TreeMap<>(counts.asFields())
                .entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue().asLong())
                        .collect(Collectors.joining(", "));
        return text.isEmpty() ? NOTHING : text;
    }

    private static boolean isTrue(Json flag) {
        return flag.compact().equals("true");
    }

    private static String step(Json step) {
        String name = step.get("Step").asText()
                + (step.get("Key").asText().isEmpty() ? "" : " ")
                + step.get("Key").asText();
        StringBuilder out = new StringBuilder();
        out.append(name).append(" ".repeat(Math.max(2, 18 - name.length())));
        out.append(step.get("Answer").asText());
        List<Json> hints = step.get("OnHints").asElements();
        if (!hints.isEmpty()) {
            List<String> names = new ArrayList<>();
            for (Json hint : hints) {
                names.add(hint.asText());
            }
            out.append("; only traffic speaks for ").append(String.join(", ", names));
        }
        out.append('\n');
        for (Json obstacle : step.get("Obstacles").asElements()) {
            out.append("    ")
                    .append(obstacle.get("Member").asText())
                    .append(": ")
                    .append(obstacle.get("Why").asText())
                    .append(" (")
                    .append(obstacle.get("Ground").asText())
                    .append(")\n");
        }
        return out.toString();
    }
}
