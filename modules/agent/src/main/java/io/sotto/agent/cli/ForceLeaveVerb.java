package io.sotto.agent.cli;

/** {@code sotto force-leave name}. */
final class ForceLeaveVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            force-leave [options] name

              Turns a failed member into one that has left, so that the pool no longer tries to
              reach it. A member that is alive after all returns by itself.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet().toggle("prune", "Remove the member from the list altogether."));
    }

    @Override
    public String failure() {
        return "Error force leaving";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        if (flags.arguments().size() != 1) {
            return missing("A single node name must be specified to force leave.", console);
        }
        String name = ClientVerb.segment(flags.arguments().get(0));
        ApiClient.Reply reply = api.put("/v1/agent/force-leave/" + name + (flags.on("prune") ? "?prune" : ""));
        return reply.good() ? Exit.DONE : failed(reply, console);
    }
}
