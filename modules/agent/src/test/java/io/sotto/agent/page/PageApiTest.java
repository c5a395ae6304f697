package io.sotto.agent.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.http.Answer;
import io.sotto.agent.http.Request;
import io.sotto.agent.http.Route;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the web page as the agent answers them; what a browser makes of them is checked in one. */
final class PageApiTest {
    private static final Route ROUTE = new PageApi(true).routes().get(0);

    private static Answer get(String name, Map<String, String> headers) {
        Request request = new Request(
                "GET",
                List.of("ui", name),
                "ui/" + name,
                Map.of(),
                Map.of(),
                header -> Optional.ofNullable(headers.get(header)),
                Optional.empty(),
                Rights.ALL,
                Octets.empty());
        return ROUTE.action().apply(request, name).toCompletableFuture().join();
    }

    private static String text(Answer answer) {
        return new String(answer.bytes().toArray(), StandardCharsets.UTF_8);
    }

    @Test
    void switchedOffThereIsNone() {
        assertThat(new PageApi(false).routes()).isEmpty();
    }

    @Test
    void whoeverReachesThePortMayHaveIt() {
        assertThat(ROUTE.access()).isEqualTo(Access.OPEN);
    }

    @Test
    void thePageItselfIsAnsweredWithoutARedirect() {
        Answer page = get("", Map.of());

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.form().contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(text(page)).startsWith("<!doctype html>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none.js",
                "../reference.conf",
                "view/../../reference.conf",
                "view",
                "view/",
                "/index.html",
                "INDEX.HTML",
                "a/b/c.js",
                "index.html/",
                "index.class",
                "reference.conf"
            })
    void nothingElseOfTheJarIsThere(String name) {
        Answer answer = get(name, Map.of());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.bytes().isEmpty()).isTrue();
    }

    @Test
    void whoHasItAlreadyIsToldSoWithoutTheBytes() {
        String tag = get("style.css", Map.of()).header("ETag").orElseThrow();

        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            Answer answer = get("style.css", Map.of("If-None-Match", known));
            assertThat(answer.status()).as(known).isEqualTo(304);
            assertThat(answer.bytes().isEmpty()).as(known).isTrue();
            assertThat(answer.header("ETag")).as(known).contains(tag);
        }
        assertThat(get("style.css", Map.of("If-None-Match", "\"other\"")).status())
                .isEqualTo(200);
    }

    @Test
    void everyFileForbidsWhatIsNotThisAgents() throws Exception {
        for (String name : files()) {
            Answer file = get(name, Map.of());
            assertThat(file.status()).as(name).isEqualTo(200);
            assertThat(file.header("Content-Security-Policy").orElse(""))
                    .as(name)
                    .contains(
                            "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(file.header("X-Content-Type-Options")).as(name).contains("nosniff");
            assertThat(file.header("Cache-Control")).as(name).contains("no-cache");
        }
    }

    @Test
    void whatThePageAndItsModulesNameIsThere() throws Exception {
        Pattern reference = Pattern.compile("(?:href|src)=\"(/ui/[^\"]+)\"|from '(\\.[^']+)'");
        List<String> missing = new ArrayList<>();
        for (String name : files()) {
            Matcher found = reference.matcher(text(get(name, Map.of())));
            while (found.find()) {
                String target = found.group(1) != null
                        ? found.group(1).substring("/ui/".length())
                        : Path.of(name)
                                .resolveSibling(found.group(2))
                                .normalize()
                                .toString();
                if (get(target, Map.of()).status() != 200) {
                    missing.add(name + ": " + target);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Text from the network goes into the page as text; the policy would stop the rest, and this says so before a browser does. */
    @Test
    void noFileMakesMarkupOutOfText() throws Exception {
        Pattern markup = Pattern.compile(
                "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|\\sstyle=\"|\\son[a-z]+=\"");
        for (String name : files()) {
            assertThat(markup.matcher(text(get(name, Map.of()))).find())
                    .as(name)
                    .isFalse();
        }
    }

    private static List<String> files() throws IOException, URISyntaxException {
        Path directory =
                Path.of(PageApi.class.getResource("/ui/index.html").toURI()).resolveSibling("");
        try (Stream<Path> files = Files.walk(directory)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .toList();
            assertThat(names).hasSizeGreaterThan(10);
            return names;
        }
    }
}
