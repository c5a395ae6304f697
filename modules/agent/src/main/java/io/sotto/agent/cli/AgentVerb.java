package io.sotto.agent.cli;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.runtime.AgentRunner;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** {@code sotto agent}: loads the configuration, shows all that is wrong with it, or hands it to the runtime. */
final class AgentVerb implements Verb {
    static final String NO_SERVER =
            "server mode needs the RPC server, which this version does not have yet; run as a client agent";

    private final AgentRunner runner;

    AgentVerb() {
        this(Runners.agent());
    }

    AgentVerb(AgentRunner runner) {
        this.runner = runner;
    }

    @Override
    public String usage() {
        return """
            agent [options]

              Runs an agent until it is told to leave. Settings come from files, in the order
              given, and from flags, which win over files.""";
    }

    @Override
    public FlagSet flags() {
        return AgentFlags.flags();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        SettingsRequest request = AgentFlags.request(flags);
        runner.prepare();
        SettingsLoader loader = loader();
        LoadResult result = loader.load(request);
        if (result instanceof LoadResult.Refused refused) {
            return refuse(refused, console);
        }
        LoadResult.Loaded loaded = (LoadResult.Loaded) result;
        if (loaded.settings().server()) {
            console.err().println("==> " + NO_SERVER);
            return Exit.FAILED;
        }
        List<String> warnings = new ArrayList<>(AgentFlags.lacking(flags));
        warnings.addAll(loaded.warnings());
        return runner.run(new AgentRunner.Start(
                new LoadResult.Loaded(loaded.settings(), loaded.config(), warnings),
                () -> loader.load(request),
                console.out(),
                console.err()));
    }

    static SettingsLoader loader() {
        return new SettingsLoader(AgentVerb::hostName, () -> KeyMaker.base64(32));
    }

    private static int refuse(LoadResult.Refused refused, Console console) {
        refused.warnings().forEach(warning -> console.err().println("==> WARNING: " + warning));
        for (String block : FaultReport.blocks(refused.faults())) {
            console.err().println("==> " + block);
        }
        return Exit.FAILED;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The message is "name: reason" when the machine's own name has no address.
            String text = String.valueOf(e.getMessage());
            int colon = text.indexOf(':');
            return colon < 0 ? "localhost" : text.substring(0, colon);
        }
    }
}
