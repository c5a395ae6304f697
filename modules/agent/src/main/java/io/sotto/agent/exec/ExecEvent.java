package io.sotto.agent.exec;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the event {@value #NAME} says: where the job is. Immutable and pure. Source: agent behaviour, section 8.
 *
 * @param prefix the folder of all jobs; see {@link JobKeys}
 * @param session the id of the session that holds the job's keys
 */
public record ExecEvent(String prefix, String session) {
    /** The name of the event, and the usual prefix. */
    public static final String NAME = "_rexec";

    private static final int PREFIX_MAX_CHARS = 128;
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** The event in a payload; empty if it is none, or leads elsewhere than to a folder of jobs and a session. */
    public static Optional<ExecEvent> decode(Octets payload) {
        try {
            Json json = Json.parse(new String(payload.toArray(), StandardCharsets.UTF_8));
            ExecEvent event = new ExecEvent(
                    json.get("Prefix").asText(), json.get("Session").asText());
            return event.isPlausible() ? Optional.of(event) : Optional.empty();
        } catch (JsonException noJson) {
            return Optional.empty();
        }
    }

    /** The payload of the event. */
    public Octets encode() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Prefix", prefix);
        fields.put("Session", session);
        return Octets.utf8(Json.of(fields).compact());
    }

    /** The id of an event as it may be shown: whoever sent it chose it. */
    static String shown(String id) {
        return id.matches(UUID) ? id : "?";
    }

    JobKeys keys() {
        return JobKeys.of(prefix, session);
    }

    private boolean isPlausible() {
        return prefix.length() <= PREFIX_MAX_CHARS
                && session.matches(UUID)
                && prefix.chars().noneMatch(Character::isISOControl);
    }
}
