package io.sotto.agent.cli;

/** {@code sotto reload}. */
final class ReloadVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            reload [options]

              Makes a running agent read its configuration again. Its log says what changed and
              what takes effect only after a restart.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet());
    }

    @Override
    public String failure() {
        return "Error reloading";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        ApiClient.Reply reply = api.put("/v1/agent/reload");
        if (!reply.good()) {
            return failed(reply, console);
        }
        console.out().println("Configuration reload triggered");
        return Exit.DONE;
    }
}
