package io.sotto.agent.cli;

/** {@code sotto monitor}: an agent's log as it is written. */
final class MonitorVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            monitor [options]

              Shows the last lines that a running agent has logged, then each new one, until it
              is interrupted. The level may be lower than the one that the agent's own console
              shows.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(
                new FlagSet().value("log-level", "trace|debug|info|warn|err", "How much of it. Default info."));
    }

    @Override
    public String failure() {
        return "Error starting monitor";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        String path = "/v1/agent/monitor?loglevel=" + ClientVerb.segment(flags.value("log-level", "info"));
        ApiClient.Reply reply = api.follow("GET", path, new byte[0], line -> {
            // An agent that has nothing to say sends blank lines, lest the connection be taken for dead.
            if (!line.isEmpty()) {
                console.out().println(line);
            }
        });
        if (!reply.good()) {
            return failed(reply, console);
        }
        console.out().println("Remote side ended the monitor! This usually means that the remote side has exited.");
        return Exit.DONE;
    }
}
