package io.sotto.agent.exec;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job is to run: a line for a shell, words without one, or a script. Immutable and pure; its text may hold secrets of
 * whoever wrote it, so it is not shown by {@link #toString}. Source: agent behaviour, section 8.
 *
 * @param command a line for the shell; empty for none
 * @param args a program and its arguments; where there are any, they are what is run, and no shell sees them
 * @param script the content of a file for the shell; empty for none
 * @param patience how long an executing agent may stay silent before it says that the job still runs; positive
 */
public record JobSpec(String command, List<String> args, Octets script, Duration patience) {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
    private static final Duration USUAL_WAIT = Duration.ofSeconds(2);

    public JobSpec {
        args = List.copyOf(args);
    }

    /** How a job is run. */
    enum Form {
        SHELL,
        PROGRAM,
        SCRIPT
    }

    /** A line for a shell. */
    public static JobSpec shell(String command, Duration wait) {
        return new JobSpec(command, List.of(), Octets.empty(), wait);
    }

    /** A program with its arguments, without a shell. */
    public static JobSpec program(List<String> words, Duration wait) {
        return new JobSpec("", words, Octets.empty(), wait);
    }

    /** A script for a shell. */
    public static JobSpec script(Octets content, Duration wait) {
        return new JobSpec("", List.of(), content, wait);
    }

    /** Reads the value of a job's key; empty if it is no job, or names nothing to run. */
    static Optional<JobSpec> decode(Octets value) {
        try {
            Json json = Json.parse(new String(value.toArray(), StandardCharsets.UTF_8));
            List<String> args =
                    json.get("Args").asElements().stream().map(Json::asText).toList();
            Octets script =
                    Octets.wrap(Base64.getDecoder().decode(json.get("Script").asText()));
            JobSpec spec = new JobSpec(json.get("Command").asText(), args, script, wait(json));
            boolean isNothing = spec.command.isEmpty() && spec.args.isEmpty() && spec.script.isEmpty();
            return isNothing ? Optional.empty() : Optional.of(spec);
        } catch (JsonException | IllegalArgumentException noJsonOrNoBase64) {
            return Optional.empty();
        }
    }

    /** A heartbeat at every instant would be a flood of writes, and none at all the end of the initiator's patience. */
    private static Duration wait(Json json) {
        Duration wait = Duration.ofNanos(json.get("Wait").asLong());
        if (wait.isNegative() || wait.isZero()) {
            return USUAL_WAIT;
        }
        return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    }

    /** The value of a job's key. */
    public Octets encode() {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (!command.isEmpty()) {
            fields.put("Command", Json.of(command));
        }
        if (!args.isEmpty()) {
            fields.put("Args", Json.of(args));
        }
        if (!script.isEmpty()) {
            fields.put("Script", Json.of(Base64.getEncoder().encodeToString(script.toArray())));
        }
        fields.put("Wait", Json.of(patience.toNanos()));
        return Octets.utf8(new Json.Fields(fields).compact());
    }

    Form form() {
        if (!args.isEmpty()) {
            return Form.PROGRAM;
        }
        return script.isEmpty() ? Form.SHELL : Form.SCRIPT;
    }

    /** Twelve digits that tell one thing to run from another, for records that must not show it. */
    String digest() {
        byte[] text = switch (form()) {
            case SHELL -> command.getBytes(StandardCharsets.UTF_8);
            case PROGRAM -> String.join("\0", args).getBytes(StandardCharsets.UTF_8);
            case SCRIPT -> script.toArray();
        };
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "JobSpec[form=" + form() + ", digest=" + digest() + ", patience=" + patience + "]";
    }
}
