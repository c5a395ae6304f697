package io.sotto.agent.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sotto.agent.config.Durations;
import io.sotto.agent.exec.ExecEvent;
import io.sotto.agent.exec.ExecProgress;
import io.sotto.agent.exec.JobKeys;
import io.sotto.agent.exec.JobSpec;
import io.sotto.agent.json.Json;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sotto exec}: runs a command on the agents of a datacenter that allow it, sotto's and Consul's, through any agent's
 * HTTP API. Source: agent behaviour, section 8; golden/exec-session.
 */
final class ExecVerb implements ClientVerb {
    /** Of the 15 s that the session lives. */
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private static final int SCRIPT_MAX_BYTES = 384 * 1024;
    private static final List<String> FILTERS = List.of("node", "service", "tag");

    private final InstantSource clock;

    ExecVerb(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String usage() {
        return """
            exec [options] [-|command...]

              Runs a command on the agents of the datacenter, sotto's and Consul's, and shows what
              they write. Regular expressions on names, services and tags choose among them; only
              agents with disable_remote_exec = false take part. With - as command, a script is
              read from standard input. Flags end where the command begins.
              Ends with 2 if the command failed somewhere, or did not end.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .stopAtArguments()
                .value("node", "regexp", "Only on nodes whose name matches.")
                .value("service", "regexp", "Only on nodes with such a service.")
                .value("tag", "regexp", "Only where a service has such a tag; needs -service.")
                .value("prefix", "prefix", "Where in the key-value store the job is put. Default _rexec.")
                .toggle("shell", "Have a shell run the command. Default true; -shell=false runs its words as they are.")
                .value("wait", "duration", "For how long nothing may happen before this ends. Default 2s.")
                .value("wait-repl", "duration", "How long servers have to pass the job on. Default 1s.")
                .toggle("verbose", "Show more of what happens.")
                .value("datacenter", "dc", "In which datacenter. Default the agent's own.")
                .value("format", "text|json", "How to print; json is one object for each line. Default text."));
    }

    @Override
    public String failure() {
        return "Error querying Consul agent";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        Duration wait = duration(flags, "wait", "2s");
        Optional<JobSpec> spec = spec(flags, console, wait);
        if (spec.isEmpty()) {
            return missing("Must specify a command to execute", console);
        }
        Optional<String> objection = objection(flags);
        if (objection.isPresent()) {
            console.err().println(objection.get());
            return Exit.FAILED;
        }
        Printer printer = new Printer(console, Verb.json(flags), flags.on("verbose"));
        try {
            ExecStore local = new ExecStore(api, "");
            ExecStore.Self self = local.self();
            String datacenter = flags.value("datacenter", "").toLowerCase(Locale.ROOT);
            boolean foreign = !datacenter.isEmpty() && !datacenter.equals(self.datacenter());
            ExecStore store = foreign ? new ExecStore(api, datacenter) : local;
            String session = store.createSession(self);
            printer.tell("Created remote execution session: " + session);
            String prefix = flags.value("prefix", ExecEvent.NAME);
            JobKeys keys = JobKeys.of(prefix, session);
            Thread cleaning = new Thread(() -> clean(store, keys, session), "exec-cleaning");
            // Ctrl-C must not leave behind what others would go on with.
            Runtime.getRuntime().addShutdownHook(cleaning);
            try {
                store.upload(keys, spec.get(), session);
                printer.tell("Uploaded remote execution spec");
                pause(duration(flags, "wait-repl", "1s"));
                String event = store.fire(new ExecEvent(prefix, session), filters(flags));
                printer.tell("Fired remote execution event: " + event);
                return follow(store, keys, session, wait, printer);
            } finally {
                if (!cleaning.isAlive() && cleaning.getState() == Thread.State.NEW) {
                    forget(cleaning);
                    clean(store, keys, session);
                }
            }
        } catch (ExecStore.RefusedException refused) {
            console.err().println(Terminal.printable(refused.text()));
            return Exit.FAILED;
        }
    }

    private static void forget(Thread cleaning) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaning);
        } catch (IllegalStateException ending) {
            // The process ends, and cleans by itself.
        }
    }

    private int follow(ExecStore store, JobKeys keys, String session, Duration wait, Printer printer)
            throws UnreachableException, ExecStore.RefusedException {
        Instant began = clock.instant();
        ExecProgress progress = new ExecProgress(keys, wait, began);
        Instant renewal = began.plus(RENEWAL);
        long index = 0;
        for (Optional<Duration> left = progress.patience(began);
                left.isPresent();
                left = progress.patience(clock.instant())) {
            if (!clock.instant().isBefore(renewal)) {
                store.renew(session);
                renewal = clock.instant().plus(RENEWAL);
            }
            Duration most = left.get().compareTo(RENEWAL) < 0 ? left.get() : RENEWAL;
            ExecStore.Listing listing = store.list(keys, index, most);
            index = listing.index();
            if (index == 0) {
                // Nothing to wait for a change from.
                pause(RENEWAL.dividedBy(50));
            }
            for (String name : progress.unseen(listing.keys())) {
                Octets value = progress.hasValue(name) ? store.read(name) : Octets.empty();
                printer.print(progress.saw(name, value, clock.instant()));
            }
        }
        printer.sum(progress, Duration.between(began, clock.instant()));
        return progress.isGood() ? Exit.DONE : Exit.PARTIAL;
    }

    private static void clean(ExecStore store, JobKeys keys, String session) {
        try {
            store.clean(keys, session);
        } catch (UnreachableException gone) {
            // The session ends by itself, and takes the keys with it.
        }
    }

    private static Optional<JobSpec> spec(ParsedFlags flags, Console console, Duration wait) throws UsageException {
        List<String> words = flags.arguments();
        if (words.equals(List.of("-"))) {
            try {
                byte[] script = console.in().readNBytes(SCRIPT_MAX_BYTES + 1);
                if (script.length > SCRIPT_MAX_BYTES) {
                    throw new UsageException("the script has more than " + SCRIPT_MAX_BYTES + " bytes");
                }
                return script.length == 0 ? Optional.empty() : Optional.of(JobSpec.script(Octets.wrap(script), wait));
            } catch (IOException e) {
                throw new UsageException("Failed to read stdin: " + e.getMessage());
            }
        }
        if (String.join("", words).isBlank()) {
            return Optional.empty();
        }
        boolean shell = flags.value("shell", "true").equals("true");
        return Optional.of(shell ? JobSpec.shell(String.join(" ", words), wait) : JobSpec.program(words, wait));
    }

    private static Optional<String> objection(ParsedFlags flags) {
        for (String filter : FILTERS) {
            try {
                Pattern.compile(flags.value(filter, ""));
            } catch (PatternSyntaxException e) {
                return Optional.of("Failed to compile " + filter + " filter regexp: " + e.getMessage());
            }
        }
        return flags.has("tag") && !flags.has("service")
                ? Optional.of("Error: Cannot provide tag filter without service filter.")
                : Optional.empty();
    }

    private static Map<String, String> filters(ParsedFlags flags) {
        Map<String, String> filters = new LinkedHashMap<>();
        FILTERS.stream().filter(flags::has).forEach(filter -> filters.put(filter, flags.value(filter, "")));
        return filters;
    }

    private static Duration duration(ParsedFlags flags, String flag, String fallback) throws UsageException {
        String text = flags.value(flag, fallback);
        return Durations.parse(text)
                .orElseThrow(() -> new UsageException("invalid value \"" + text + "\" for flag -" + flag
                        + ": write a number and a unit, such as 2s"));
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says what happens, as text or as JSON. */
    private record Printer(Console console, boolean json, boolean verbose) {
        void tell(String text) {
            if (verbose && !json) {
                console.out().println(text);
            }
        }

        void print(ExecProgress.Event event) {
            if (json) {
                console.out().println(ExecText.json(event).compact());
            } else if (event instanceof ExecProgress.Event.Strange strange) {
                console.err().println(Terminal.printable(strange.reason()));
            } else {
                String lines = ExecText.lines(event, verbose);
                if (!lines.isEmpty()) {
                    console.out().println(lines);
                }
            }
            console.out().flush();
        }

        void sum(ExecProgress progress, Duration took) {
            if (json) {
                Map<String, Json> sum = new LinkedHashMap<>();
                sum.put("event", Json.of("done"));
                sum.put("completed", Json.of(progress.completed()));
                sum.put("acknowledged", Json.of(progress.acknowledged()));
                console.out().println(new Json.Fields(sum).compact());
                return;
            }
            console.out()
                    .println(progress.completed() + " / " + progress.acknowledged()
                            + " node(s) completed / acknowledged");
            tell(String.format(Locale.ROOT, "Completed in %.2f seconds", took.toMillis() / 1000.0));
        }
    }
}
