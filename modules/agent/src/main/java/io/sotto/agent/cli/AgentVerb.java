package io.sotto.agent.cli;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.config.Surroundings;
import io.sotto.agent.runtime.AgentRunner;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code sotto agent}: loads the configuration, shows all that is wrong with it, or hands it to the runtime. */
final class AgentVerb implements Verb {
    private static final int LINE_MAX_CHARS = 1_024;

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
        SettingsLoader loader = loader(console);
        LoadResult result = loader.load(request);
        if (result instanceof LoadResult.Refused refused) {
            return refuse(refused, console);
        }
        LoadResult.Loaded loaded = (LoadResult.Loaded) result;
        List<String> warnings = new ArrayList<>(AgentFlags.lacking(flags));
        warnings.addAll(loaded.warnings());
        return runner.run(new AgentRunner.Start(
                new LoadResult.Loaded(loaded.settings(), loaded.config(), warnings),
                () -> loader.load(request),
                console.out(),
                console.err()));
    }

    /** Loads with the console's environment and standard input; a key made up, or read, is the same at each reading. */
    static SettingsLoader loader(Console console) {
        Supplier<Optional<String>> line = once(() -> firstLine(console.in()));
        return new SettingsLoader(
                AgentVerb::hostName, once(() -> KeyMaker.base64(32)), new Surroundings(console.environment(), line));
    }

    private static <T> Supplier<T> once(Supplier<T> source) {
        CompletableFuture<T> kept = new CompletableFuture<>();
        return () -> {
            synchronized (kept) {
                if (!kept.isDone()) {
                    kept.complete(source.get());
                }
                return kept.join();
            }
        };
    }

    /** Of so many bytes as a key may take; standard input may be a pipe that never ends. */
    private static Optional<String> firstLine(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LINE_MAX_CHARS; c = in.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(line.toString());
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
