package io.sotto.agent.cli;

/** {@code sotto operator area …}: says what there is in place of network areas. */
final class AreaVerb implements Verb {
    @Override
    public String usage() {
        return """
            operator area create|delete|join|list|members|update [options]

              Network areas are part of Consul Enterprise. sotto has none, whatever the options;
              datacenters are tied together by the WAN pool of their servers:

                sotto join -wan ADDRESS      instead of area join
                sotto members -wan           instead of area members""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .value("id", "id", "Does nothing.")
                .value("peer-datacenter", "name", "Does nothing.")
                .value("retry-join", "address", "Does nothing.")
                .value("use-tls", "true|false", "Does nothing.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) {
        console.err().println("sotto has no network areas, which are part of Consul Enterprise.");
        console.err().println("Join the servers of the datacenters to one WAN pool instead: sotto join -wan ADDRESS");
        return Exit.FAILED;
    }
}
