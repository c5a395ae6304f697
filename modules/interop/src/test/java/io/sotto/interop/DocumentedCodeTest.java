package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Fenced blocks that are not run: Java is compiled, settings are parsed, scripts are read by a shell. Java that names its source is
 * for {@link SourceBlocksTest}, and the page on discovery for a test of its module.
 */
final class DocumentedCodeTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    /** What the pages take as given. */
    private static final String BEFORE = """
            import com.typesafe.config.Config;
            import io.sotto.cluster.*;
            import io.sotto.pki.PeerRole;
            import io.sotto.rpc.application.*;
            import io.sotto.rpc.pool.Callee;
            import io.sotto.testkit.fuzz.*;
            import io.sotto.virtualtime.*;
            import io.sotto.wire.Octets;
            import io.sotto.wire.crypto.GossipKey;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.CompletableFuture;
            import org.apache.pekko.actor.typed.*;
            import org.apache.pekko.actor.typed.javadsl.Behaviors;
            import org.apache.pekko.stream.javadsl.Source;

            @SuppressWarnings("all")
            final class Page {
                interface Handler { boolean offer(Octets datagram); }
                static final class Till {
                    interface Command {}
                    static Behavior<Command> create() { return Behaviors.empty(); }
                }
                void page(ActorRef<MemberEvent> actor, ActorRef<AskedQuery> responder, Handler handler, GossipKey key)
                        throws Exception {
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {"README.md", "docs/start/embed.md", "docs/internals/fuzzing.md", "docs/reference/testkit.md"})
    void javaCompiles(String page, @TempDir Path out) throws IOException {
        List<PageBlock> blocks = blocks(ROOT.resolve(page), "java").stream()
                .filter(block -> block.word("source").isEmpty())
                .toList();
        assertThat(blocks).isNotEmpty();
        String code = BEFORE
                + blocks.stream().map(block -> completed(block.text())).collect(Collectors.joining("\n"))
                + "    }\n}\n";
        assertThat(faults(code, out)).as(code).isEmpty();
    }

    @Test
    void noOtherPageHasJavaThatNobodyCompiles() throws IOException {
        List<String> strays = new ArrayList<>();
        for (Path page : pages()) {
            for (PageBlock block : blocks(page, "java")) {
                if (block.word("source").isEmpty()) {
                    strays.add(ROOT.relativize(page).toString());
                }
            }
        }
        assertThat(strays)
                .isSubsetOf(
                        "README.md",
                        "docs/start/embed.md",
                        "docs/internals/fuzzing.md",
                        "docs/reference/testkit.md",
                        "docs/start/discovery.md");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void settingsAreWellFormedAndScriptsAShellCanRead(Path page) throws Exception {
        for (PageBlock block : PageBlock.of(Files.readAllLines(page))) {
            String where = ROOT.relativize(page) + ":" + block.line();
            switch (block.language()) {
                case "hocon" -> parsed(block, ConfigSyntax.CONF);
                case "json" -> parsed(block, ConfigSyntax.JSON);
                case "yaml" ->
                    assertThat(new Yaml().<Object>load(block.text())).as(where).isNotNull();
                case "sh" -> assertThat(shellSays(block.text())).as(where).isEmpty();
                default -> {
                    // Output, sessions and drawings.
                }
            }
        }
    }

    /** Where a page leaves something to its reader, there is nothing. */
    private static String completed(String code) {
        return code.replace("-> …", "-> {}")
                .replaceAll("\\) …\\)", "))")
                .replaceAll("\\{ … }", "{}")
                .replaceAll("(?m)^Sotto sotto = Sotto\\.builder", "Sotto built = Sotto.builder");
    }

    private static List<String> faults(String code, Path out) {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                    }
                };
        List<String> options =
                List.of("-proc:none", "-d", out.toString(), "-cp", System.getProperty("java.class.path"));
        compiler.getTask(null, null, said, options, null, List.of(source)).call();
        return said.getDiagnostics().stream()
                .filter(one -> one.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(one -> one.getLineNumber() + ": " + one.getMessage(Locale.ROOT))
                .toList();
    }

    private static void parsed(PageBlock block, ConfigSyntax syntax) {
        String text = block.text().strip();
        boolean isLines = syntax == ConfigSyntax.JSON && text.lines().allMatch(line -> line.matches("\\{.*}"));
        for (String one : isLines ? text.lines().toList() : List.of(text)) {
            ConfigFactory.parseString(
                    one.startsWith("[") ? "{ \"list\": " + one + " }" : one,
                    ConfigParseOptions.defaults().setSyntax(syntax));
        }
    }

    private static String shellSays(String script) throws IOException, InterruptedException {
        Process shell =
                new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var in = shell.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return said;
    }

    private static List<PageBlock> blocks(Path page, String language) throws IOException {
        return PageBlock.of(Files.readAllLines(page)).stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(docs, Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
