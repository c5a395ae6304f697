package io.sotto.agent.cli;

import java.io.PrintStream;

/** Where the command line hands over to the parts that run for long: the one place that names them. */
final class Runners {
    private Runners() {}

    static AgentRunner agent() {
        return start -> unavailable("the agent's runtime", start.err());
    }

    static int demo(boolean once, PrintStream out, PrintStream err) {
        return unavailable(once ? "the demo (-once)" : "the demo", err);
    }

    private static int unavailable(String what, PrintStream err) {
        err.println("==> this build comes without " + what);
        return Exit.FAILED;
    }
}
