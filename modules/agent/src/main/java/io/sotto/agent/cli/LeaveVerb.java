package io.sotto.agent.cli;

/** {@code sotto leave}. */
final class LeaveVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            leave [options]

              Makes a running agent leave its pool and stop. The answer comes when that is done,
              after some seconds; other members then see it as left, not as failed.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet());
    }

    @Override
    public String failure() {
        return "Error leaving";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        if (!flags.arguments().isEmpty()) {
            return missing(
                    "Too many arguments (expected 0, got " + flags.arguments().size() + ")", console);
        }
        ApiClient.Reply reply = api.put("/v1/agent/leave");
        if (!reply.good()) {
            return failed(reply, console);
        }
        console.out().println("Graceful leave complete");
        return Exit.DONE;
    }
}
