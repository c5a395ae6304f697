package io.sotto.agent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code sotto -autocomplete-install} and {@code -autocomplete-uninstall}, for the user who runs it: the completion script as a
 * file of the user's, and one line that reads it in the file with which each shell begins. As Consul's tool, it changes
 * those beginnings only that are there; unlike it, no program runs for each press of the tab key.
 */
final class ShellProfiles {
    private enum Kind {
        BASH("bash"),
        ZSH("zsh");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The files it may begin with; the first that is there is the one. */
        List<String> beginnings() {
            return switch (this) {
                case BASH -> List.of(".bashrc", ".bash_profile", ".bash_login", ".profile");
                case ZSH -> List.of(".zshrc");
            };
        }

        String script() {
            CompletionTable table = CompletionTable.ofAllVerbs();
            return switch (this) {
                case BASH -> BashCompletion.script(table, Version.current());
                case ZSH -> ZshCompletion.script(table, Version.current());
            };
        }
    }

    private final Path home;
    private final Path scripts;

    private ShellProfiles(Path home, Path scripts) {
        this.home = home;
        this.scripts = scripts;
    }

    static int run(String flag, Console console) {
        Map<String, String> environment = console.environment();
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            console.err().println("Error: HOME is not set, so there is no shell of yours to complete in");
            return Exit.FAILED;
        }
        String kept = environment.getOrDefault("XDG_DATA_HOME", "");
        Path scripts = (kept.isEmpty() ? Path.of(home, ".local", "share") : Path.of(kept)).resolve("sotto");
        ShellProfiles profiles = new ShellProfiles(Path.of(home), scripts);
        try {
            return flag.equals("-autocomplete-install") ? profiles.install(console) : profiles.uninstall(console);
        } catch (IOException e) {
            console.err().println("Error: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            return Exit.FAILED;
        }
    }

    private int install(Console console) throws IOException {
        List<Kind> present = present();
        if (present.isEmpty()) {
            console.err().println("Did not find any shells to install");
            return Exit.FAILED;
        }
        for (Kind shell : present) {
            Files.createDirectories(scripts);
            Files.writeString(script(shell), shell.script());
            Path beginning = beginning(shell).orElseThrow();
            String text = Files.readString(beginning);
            if (text.lines().anyMatch(line(shell)::equals)) {
                console.out().println("==> Renewed " + script(shell) + ", which " + beginning + " reads");
                continue;
            }
            String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            Files.writeString(beginning, text + end + line(shell) + "\n");
            console.out().println("==> Saved " + script(shell) + ", which " + beginning + " now reads");
        }
        return Exit.DONE;
    }

    private int uninstall(Console console) throws IOException {
        int removed = 0;
        for (Kind shell : present()) {
            Path beginning = beginning(shell).orElseThrow();
            List<String> lines = new ArrayList<>(Files.readAllLines(beginning));
            if (lines.remove(line(shell))) {
                Files.writeString(beginning, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
                console.out().println("==> " + beginning + " no longer reads it");
                removed++;
            }
            Files.deleteIfExists(script(shell));
        }
        if (removed == 0) {
            console.err().println("Completion is not installed for any shell");
            return Exit.FAILED;
        }
        return Exit.DONE;
    }

    private List<Kind> present() {
        return Stream.of(Kind.values())
                .filter(shell -> beginning(shell).isPresent())
                .toList();
    }

    private Optional<Path> beginning(Kind shell) {
        return shell.beginnings().stream()
                .map(home::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private Path script(Kind shell) {
        return scripts.resolve("completion." + shell.word);
    }

    private String line(Kind shell) {
        String quoted = "'" + script(shell).toString().replace("'", "'\\''") + "'";
        return "[ -r " + quoted + " ] && . " + quoted;
    }
}
