package io.sotto.agent.cli;

/** The pages of the verbs of an upshift. */
final class UpshiftHelp {
    private static final String GOSSIP = """

              Takes the gossip of the whole pool from plaintext to enforced encryption, without a
              restart: every member is given the key, then seals all it sends, then refuses
              plaintext. The key travels only in calls that are secured: upshift tls comes first.
            """;
    private static final String TLS = """

              Takes the calls of the whole pool to verified TLS, without a restart: every member
              has a certificate, then calls by TLS only, then refuses plain calls.
            """;
    private static final String RUN = """

              Each stage begins only once every member has confirmed the one before; who is waited
              for is named, with what to do there by hand where it is an agent of another kind.
              The agent drives it: it goes on when this verb is stopped, and when the agent is
              started again. On another agent than the one that drove it, this takes over.

              Ends with 0 if every member confirmed the last stage, 1 if it was refused, called
              off or taken over, 2 if it went on without members, 4 if the agent was not reached,
              5 if the token may not.
            """;
    private static final String NEXT = """

              This takes one stage, and then waits to be told again. Ends with 0 if every member
              confirmed it, and otherwise as upshift run does.
            """;
    private static final String PLAN = """

              Shows what an upshift would change on whom, stage by stage, what has to be done by
              hand on members that are agents of another kind, and what stands in the way. Changes
              nothing. Ends with 0 if nothing stands in the way, else 2.
            """;
    private static final String STATUS = """

              Shows where the upshift stands, as any agent can tell: from its own record, and by
              asking whoever drives it and the members. Ends with 0 if none is under way and the
              last one left nobody out, 1 if the last one did not come to its end, 2 if one is
              under way or went on without members.
            """;
    private static final String ABORT = """

              Calls the upshift off, on any agent: all members go back to the last stage that all
              had confirmed, and members that are away are waited for, as going forward. Ends with
              0 once all are back, 2 while some are waited for.
            """;

    private UpshiftHelp() {}

    /** What {@code upshift KIND VERB -h} begins with. */
    static String of(UpshiftWords kind, String verb) {
        String about = kind == UpshiftWords.GOSSIP ? GOSSIP : TLS;
        String text = switch (verb) {
            case "run" -> about + RUN;
            case "next" -> about + NEXT;
            case "plan" -> PLAN;
            case "status" -> STATUS;
            default -> ABORT;
        };
        return "upshift " + kind.word() + " " + verb + " [options]\n" + text.stripTrailing();
    }
}
