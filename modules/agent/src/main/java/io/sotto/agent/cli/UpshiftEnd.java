package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;

/** What the verbs of an upshift end with. Pure but for what it prints. */
final class UpshiftEnd {
    private static final int CONFLICT = 409;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private UpshiftEnd() {}

    /** Prints why the agent did not do it, and whom that is because of. */
    static int refused(ClientVerb verb, ApiClient.Reply reply, Console console) {
        if (reply.status() == CONFLICT) {
            try {
                Json progress = Json.parse(reply.body());
                console.err()
                        .println(verb.failure() + ": "
                                + Terminal.printable(progress.get("Text").asText())
                                        .replace('\n', ' '));
                console.err().print(UpshiftText.waits(progress));
                return Exit.FAILED;
            } catch (JsonException noProgress) {
                return verb.failed(reply, console);
            }
        }
        verb.failed(reply, console);
        return reply.status() == UNAUTHORIZED || reply.status() == FORBIDDEN ? Exit.NOT_PERMITTED : Exit.FAILED;
    }

    /** Of one that was followed to its end. */
    static int of(Json progress) {
        return progress.get("Outcome").asText().equals("finished")
                ? UpshiftText.without(progress).isEmpty() ? Exit.DONE : Exit.PARTIAL
                : Exit.FAILED;
    }

    /** Of one that was only looked at. */
    static int ofStatus(Json progress) {
        if (progress.get("Id").asText().isEmpty()) {
            return Exit.DONE;
        }
        if (progress.get("Outcome").asText().isEmpty()) {
            return Exit.PARTIAL;
        }
        return of(progress);
    }
}
