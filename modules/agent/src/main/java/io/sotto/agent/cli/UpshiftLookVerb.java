package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;

/** {@code sotto upshift … plan}, {@code … status} and {@code … abort}: one question, one answer. */
final class UpshiftLookVerb implements ClientVerb {
    private static final byte[] NO_BODY = {};

    /** What is asked for. */
    enum Action {
        PLAN,
        STATUS,
        ABORT
    }

    private final UpshiftWords kind;
    private final Action action;
    private final boolean isTerminal;

    UpshiftLookVerb(UpshiftWords kind, Action action) {
        this(kind, action, Watched.byATerminal());
    }

    /** @param isTerminal whether somebody watches, who is shown text */
    UpshiftLookVerb(UpshiftWords kind, Action action, boolean isTerminal) {
        this.kind = kind;
        this.action = action;
        this.isTerminal = isTerminal;
    }

    @Override
    public String usage() {
        return UpshiftHelp.of(kind, Watched.word(action));
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(
                new FlagSet().value("format", "text|json", "How to print. Default text on a terminal, else json."));
    }

    @Override
    public String failure() {
        return switch (action) {
            case PLAN -> "Error planning the upshift";
            case STATUS -> "Error asking for the upshift";
            case ABORT -> "Error calling the upshift off";
        };
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = flags.has("format") ? Verb.json(flags) : !isTerminal;
        if (!flags.arguments().isEmpty()) {
            throw new UsageException("upshift " + kind.word() + " " + Watched.word(action) + " takes no arguments: "
                    + flags.arguments().get(0));
        }
        ApiClient.Reply reply = switch (action) {
            case PLAN -> api.get(kind.path() + "/plan");
            case STATUS -> api.get(kind.path());
            case ABORT -> api.ask("DELETE", kind.path(), NO_BODY);
        };
        if (!reply.good()) {
            return UpshiftEnd.refused(this, reply, console);
        }
        try {
            Json answer = Json.parse(reply.body());
            if (json) {
                console.out().println(answer.compact());
            } else {
                console.out()
                        .print(
                                action == Action.PLAN
                                        ? UpshiftText.plan(kind, answer)
                                        : UpshiftText.status(kind, answer));
            }
            return code(answer);
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }

    private int code(Json answer) {
        return switch (action) {
            case PLAN -> answer.get("Obstacles").asFields().isEmpty() ? Exit.DONE : Exit.PARTIAL;
            case STATUS -> UpshiftEnd.ofStatus(answer);
            case ABORT -> UpshiftText.isTrue(answer.get("UnderWay")) ? Exit.PARTIAL : Exit.DONE;
        };
    }
}
