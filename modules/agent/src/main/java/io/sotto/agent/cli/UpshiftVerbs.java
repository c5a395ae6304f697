package io.sotto.agent.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code sotto upshift …}: takes a whole running pool from plaintext to enforced encryption, or from no TLS to verified TLS. */
final class UpshiftVerbs implements Verb {
    @Override
    public String usage() {
        return """
            upshift gossip|tls <verb> [options]

              Takes a whole running pool to encrypted gossip, or its calls to verified TLS, without
              a restart, stage by stage, each begun only once every member has confirmed the last:

                upshift tls plan       what would change on whom, and what stands in the way
                upshift tls run        all stages, waiting before each; shows how far it is
                upshift tls next       one stage only
                upshift tls status     where it stands, asked of any agent
                upshift tls abort      back to the last stage that all had confirmed
                upshift tls token      a one-time token for a node's first certificate
                upshift tls enrol      gets this node its certificate with one

              and the first five of upshift gossip, whose key travels only in calls that are secured:
              tls comes first. One verb: sotto upshift gossip run -h""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException(
                "upshift takes gossip or tls, and then plan, run, next, status or abort; tls takes token and enrol too");
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        for (UpshiftWords kind : UpshiftWords.values()) {
            verbs.put(kind.word() + " plan", () -> new UpshiftLookVerb(kind, UpshiftLookVerb.Action.PLAN));
            verbs.put(kind.word() + " run", () -> new UpshiftRunVerb(kind, UpshiftRunVerb.Action.RUN));
            verbs.put(kind.word() + " next", () -> new UpshiftRunVerb(kind, UpshiftRunVerb.Action.NEXT));
            verbs.put(kind.word() + " status", () -> new UpshiftLookVerb(kind, UpshiftLookVerb.Action.STATUS));
            verbs.put(kind.word() + " abort", () -> new UpshiftLookVerb(kind, UpshiftLookVerb.Action.ABORT));
        }
        verbs.put("tls token", EnrolTokenVerb::new);
        verbs.put("tls enrol", EnrolVerb::new);
        return verbs;
    }
}
