package io.sotto.agent.cli;

import io.sotto.agent.demo.Demo;
import io.sotto.agent.runtime.AgentProcess;
import io.sotto.agent.runtime.AgentRunner;
import io.sotto.agent.runtime.Build;
import java.io.PrintStream;

/** Where the command line hands over to the parts that run for long: the one place that names them. */
final class Runners {
    private Runners() {}

    static AgentRunner agent() {
        return start -> AgentProcess.run(start, build());
    }

    static int demo(boolean once, boolean json, PrintStream out) {
        Demo.Ending ending = once ? Demo.Ending.ONCE : Demo.Ending.STAY_UP;
        return Demo.runUntilEnded(json, ending, build(), out) ? Exit.DONE : Exit.FAILED;
    }

    private static Build build() {
        return Build.of(Version.current());
    }
}
