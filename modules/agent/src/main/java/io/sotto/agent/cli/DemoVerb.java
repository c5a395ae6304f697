package io.sotto.agent.cli;

/** {@code sotto demo}: everything is done by the demo itself. */
final class DemoVerb implements Verb {
    @Override
    public String usage() {
        return """
            demo [options]

              Starts three agents on this machine with a fresh key and shows what they do: how
              gossip looks plain and sealed, how members find each other, how one that is killed
              is noticed, how a wrong key is refused, and how a pool in plain text moves to TLS
              and encrypted gossip while it runs. Then stays up until Ctrl-C.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .toggle("once", "End by itself; exit 0 only if every step was observed.")
                .value("format", "text|json", "How to tell it; json is one object per line. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        return Runners.demo(flags.on("once"), Verb.json(flags), console.out());
    }
}
