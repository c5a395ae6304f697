package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of the operating system with all that it starts.
 *
 * <p>It gets nothing to read, of this process' environment only what tells where and who it is, and, where the system has
 * {@code setsid}, a session of its own, by which {@link #kill} finds also those whose parents are gone; elsewhere it finds
 * descendants only. A process that begins yet another session is not found. Source: ours; what is started is what Consul's
 * agents start.
 */
final class ProcessTree implements Program {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final int CHUNK_BYTES = 4096;
    private static final int KILL_ROUNDS = 5;
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path PROC = Path.of("/proc");
    private static final String SHELL = "/bin/sh";
    /** In {@code /proc/PID/stat}, counted after the name, which may hold spaces. */
    private static final int SESSION_FIELD = 3;

    /** What commands are told of the environment: other variables of an agent may hold its secrets. */
    private static final Set<String> ENVIRONMENT =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR");

    private final Process process;
    private final boolean ownSession;
    private final Optional<Path> script;

    private ProcessTree(Process process, boolean ownSession, Optional<Path> script) {
        this.process = process;
        this.ownSession = ownSession;
        this.script = script;
    }

    /** Starts processes in {@code directory}, with what they may know of {@code environment}. */
    static Starter starter(Path directory, Map<String, String> environment) {
        return spec -> start(spec, directory, environment);
    }

    private static ProcessTree start(JobSpec spec, Path directory, Map<String, String> environment) throws IOException {
        Optional<Path> script =
                spec.form() == JobSpec.Form.SCRIPT ? Optional.of(file(spec.script())) : Optional.empty();
        List<String> words = new ArrayList<>();
        boolean ownSession = Files.isExecutable(SETSID) && Files.isDirectory(PROC);
        if (ownSession) {
            words.add(SETSID.toString());
        }
        switch (spec.form()) {
            case PROGRAM -> words.addAll(spec.args());
            case SHELL -> words.addAll(List.of(SHELL, "-c", spec.command()));
            case SCRIPT ->
                words.addAll(List.of(SHELL, "-c", script.orElseThrow().toString()));
        }
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(told(environment));
        try {
            return new ProcessTree(builder.start(), ownSession, script);
        } catch (IOException e) {
            delete(script);
            // The text names the program, which may be a secret's bearer: its end is the system's word.
            String text = String.valueOf(e.getMessage());
            throw new IOException(text.substring(text.lastIndexOf(": ") + 1).strip(), e);
        }
    }

    static Map<String, String> told(Map<String, String> environment) {
        Map<String, String> told = new HashMap<>();
        environment.forEach((name, value) -> {
            if (ENVIRONMENT.contains(name) || name.startsWith("LC_")) {
                told.put(name, value);
            }
        });
        return told;
    }

    private static Path file(Octets script) throws IOException {
        Path file = Files.createTempFile(
                "rexec", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.write(file, script.toArray());
        return file;
    }

    @Override
    public Source<Octets, NotUsed> output() {
        return StreamConverters.fromInputStream(process::getInputStream, CHUNK_BYTES)
                .map(bytes -> Octets.wrap(bytes.toArray()))
                .mapMaterializedValue(done -> NotUsed.getInstance());
    }

    @Override
    public CompletionStage<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public void kill() {
        // Again and again, since what is being killed may just have started something.
        for (int round = 0; round < KILL_ROUNDS; round++) {
            List<ProcessHandle> found = new ArrayList<>(process.descendants().toList());
            found.add(process.toHandle());
            if (ownSession) {
                session().forEach(pid -> ProcessHandle.of(pid).ifPresent(found::add));
            }
            found.removeIf(one -> !one.isAlive() || !one.destroyForcibly());
            if (found.isEmpty()) {
                return;
            }
        }
    }

    @Override
    public void tidy() {
        delete(script);
    }

    /** The processes of the session that this one began. */
    private Set<Long> session() {
        Set<Long> found = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path one : all) {
                if (sessionOf(one) == process.pid()) {
                    found.add(Long.parseLong(String.valueOf(one.getFileName())));
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.debug("the processes of a job cannot be listed: error=\"{}\"", unreadable.getMessage());
        }
        return found;
    }

    /** 0 for a process that has just ended. */
    private static long sessionOf(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION_FIELD + 2);
            return Long.parseLong(fields[SESSION_FIELD]);
        } catch (IOException | RuntimeException gone) {
            return 0;
        }
    }

    private static void delete(Optional<Path> script) {
        try {
            if (script.isPresent()) {
                Files.deleteIfExists(script.get());
            }
        } catch (IOException e) {
            LOG.warn("the script of a job stays on disk: file={} error=\"{}\"", script.get(), e.getMessage());
        }
    }
}
