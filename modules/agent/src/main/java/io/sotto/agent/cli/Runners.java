package io.sotto.agent.cli;

import io.sotto.agent.demo.Demo;
import io.sotto.agent.runtime.AgentProcess;
import io.sotto.agent.runtime.AgentRunner;
import io.sotto.agent.runtime.Build;
import io.sotto.agent.runtime.Headstart;
import java.io.PrintStream;
import java.util.Optional;

/** Where the command line hands over to the parts that run for long: the one place that names them. */
final class Runners {
    private Runners() {}

    static AgentRunner agent() {
        return new OwnProcess();
    }

    static int demo(boolean once, boolean json, PrintStream out) {
        Demo.Ending ending = once ? Demo.Ending.ONCE : Demo.Ending.STAY_UP;
        return Demo.runUntilEnded(json, ending, build(), out) ? Exit.DONE : Exit.FAILED;
    }

    private static Build build() {
        return Build.of(Version.current());
    }

    /** The agent that this process becomes. */
    private static final class OwnProcess implements AgentRunner {
        private Optional<Headstart> headstart = Optional.empty();

        @Override
        public void prepare() {
            headstart = Optional.of(Headstart.begin());
        }

        @Override
        public int run(Start start) {
            headstart.ifPresent(Headstart::awaitLogging);
            return AgentProcess.run(start, build());
        }
    }
}
