package io.sotto.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real Serf agents on loopback addresses of their own, each a process, to be told beside our members. */
final class RealAgents implements AutoCloseable {
    private static final String NETWORK = "127.92.1.";

    private final Path serf;
    private final List<Program> agents = new ArrayList<>();

    private RealAgents(Path serf) {
        this.serf = serf;
    }

    /** Starts {@code count} of them, each alone. */
    static RealAgents start(Path serf, int count) throws IOException {
        RealAgents started = new RealAgents(serf);
        try {
            for (int i = 1; i <= count; i++) {
                started.agents.add(Program.start(List.of(
                        serf.toString(),
                        "agent",
                        "-node=node-" + i,
                        "-bind=" + NETWORK + i + ":7946",
                        "-rpc-addr=" + rpcAddress(i),
                        "-log-level=err")));
            }
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    /** Has all of them but the first join it, at once; comes back when each says that it has. */
    void join() throws IOException, InterruptedException {
        List<Process> joins = new ArrayList<>();
        for (int i = 2; i <= agents.size(); i++) {
            joins.add(new ProcessBuilder(serf.toString(), "join", "-rpc-addr=" + rpcAddress(i), NETWORK + "1:7946")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        for (Process join : joins) {
            if (join.waitFor() != 0) {
                throw new IOException("a serf join ended with " + join.exitValue());
            }
        }
    }

    /** Processor time of all of them so far. */
    double cpuMillis() throws IOException {
        double sum = 0;
        for (Program agent : agents) {
            sum += agent.cpuMillis();
        }
        return sum;
    }

    private static String rpcAddress(int i) {
        return NETWORK + i + ":7373";
    }

    @Override
    public void close() {
        agents.forEach(Program::close);
    }
}
