package io.sotto.agent.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All verbs: how each is found, and the two pages that list them. */
final class Verbs {
    static final String[] NAMES = {
        "acl",
        "agent",
        "completion",
        "demo",
        "doctor",
        "event",
        "exec",
        "force-leave",
        "gossip",
        "help",
        "info",
        "join",
        "keygen",
        "keyring",
        "leave",
        "members",
        "metrics",
        "monitor",
        "operator",
        "query",
        "reachability",
        "reload",
        "rpc",
        "rtt",
        "server",
        "suspicions",
        "tls",
        "upshift",
        "validate",
        "version"
    };

    private static final String NEWCOMER = """
            sotto: a secure cluster agent that speaks the gossip of Serf and Consul.

              sotto demo       watch three agents find each other over encrypted gossip
              sotto keygen     make a gossip key
              sotto agent      run an agent: sotto agent -dev, or sotto agent -config-file application.conf
              sotto members    list the members that an agent knows
              sotto join       make a running agent join others

            All verbs: sotto help. One verb: sotto <verb> -h.""";

    private static final String ALL = """
            Usage: sotto <verb> [options] [arguments]

              acl token      make, show and take away tokens for an agent's HTTP API
              agent          run an agent
              completion     print a script with which a shell completes verbs and flags
              demo           watch three agents find each other over encrypted gossip
              doctor         look at an agent and its pool, and say what to mend
              event          send a user event to all members
              exec           run a command on the datacenter's agents that allow it
              force-leave    turn a failed member into one that has left
              gossip status  show whether the pool may be encrypted further, and because of whom not
              help           show this page, or the page of a verb
              info           show what an agent counts and knows about itself
              join           make a running agent join others
              keygen         make a gossip key
              keyring        show and change the gossip keys of all members
              leave          make a running agent leave and stop
              members        list the members that an agent knows
              metrics        show the figures that an agent counts, by name
              monitor        show an agent's log as it is written
              operator       change the gossip keys of a Nomad pool; say what there is in place of network areas
              query          ask the members and show what they answer
              reachability   test whether gossip reaches every member and comes back
              reload         make a running agent read its configuration again
              rpc call       call a method of the datacenter's servers
              rtt            estimate the round trip time between two members
              server members list the servers of a Nomad pool
              suspicions     show who accused whom of having failed
              tls            make certificates for TLS between agents, and look at them
              upshift        take a whole running pool to encrypted gossip, or to TLS
              validate       check configuration files
              version        show the version

            One verb: sotto <verb> -h. Flags take one dash or two, and -flag=value or -flag value.
            Exit codes: 0 done, 1 failed, 2 done in part or nothing found, 3 bad usage, 4 agent not reached,
            5 not permitted.""";

    private Verbs() {}

    static @Nullable Verb find(String name) {
        return switch (name) {
            case "acl" -> new AclVerbs();
            case "agent" -> new AgentVerb();
            case "completion" -> new CompletionVerb();
            case "demo" -> new DemoVerb();
            case "doctor" -> new DoctorVerb(CertificateFiles.here());
            case "event" -> new EventVerb();
            case "exec" -> new ExecVerb(ThisMachine.clock());
            case "force-leave" -> new ForceLeaveVerb();
            case "gossip" -> new GossipVerb();
            case "info" -> new InfoVerb();
            case "join" -> new JoinVerb();
            case "keygen" -> new KeygenVerb();
            case "leave" -> new LeaveVerb();
            case "members" -> new MembersVerb();
            case "metrics" -> new MetricsVerb();
            case "monitor" -> new MonitorVerb();
            case "operator" -> new OperatorVerbs();
            case "keyring" -> new KeyringVerb();
            case "query" -> new QueryVerb();
            case "reachability" -> new ReachabilityVerb();
            case "reload" -> new ReloadVerb();
            case "rpc" -> new RpcVerb();
            case "rtt" -> new RttVerb();
            case "server" -> new ServerVerbs();
            case "suspicions" -> new SuspicionsVerb();
            case "tls" -> new TlsVerbs();
            case "upshift" -> new UpshiftVerbs();
            case "validate" -> new ValidateVerb();
            case "version" -> new VersionVerb();
            default -> null;
        };
    }

    /**
     * A verb that was found.
     *
     * @param name its words
     * @param rest what follows them
     */
    record Found(Verb verb, String name, List<String> rest) {}

    /** The verb with the longest name that these words begin with; null if the first of them is none. */
    static @Nullable Found resolve(List<String> words) {
        Verb first = find(words.get(0));
        if (first == null) {
            return null;
        }
        Found found = new Found(first, words.get(0), words.subList(1, words.size()));
        for (Map.Entry<String, Supplier<Verb>> below : first.below().entrySet()) {
            List<String> name = List.of(below.getKey().split(" ", -1));
            if (found.rest.size() >= name.size()
                    && found.rest.subList(0, name.size()).equals(name)) {
                return new Found(
                        below.getValue().get(),
                        found.name + " " + below.getKey(),
                        found.rest.subList(name.size(), found.rest.size()));
            }
        }
        return found;
    }

    static String newcomerPage() {
        return NEWCOMER;
    }

    static String allPage() {
        return ALL;
    }

    /** The verb that takes the fewest keystrokes to get to from {@code word}. */
    static String nearest(String word) {
        String best = NAMES[0];
        int fewest = Integer.MAX_VALUE;
        for (String name : NAMES) {
            int steps = distance(word, name);
            if (steps < fewest) {
                fewest = steps;
                best = name;
            }
        }
        return best;
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, d[i - 2][j - 2] + 1);
                }
                d[i][j] = least;
            }
        }
        return d[a.length()][b.length()];
    }
}
