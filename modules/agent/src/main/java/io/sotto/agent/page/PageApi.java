package io.sotto.agent.page;

import io.sotto.agent.access.Access;
import io.sotto.agent.http.Answer;
import io.sotto.agent.http.ApiPart;
import io.sotto.agent.http.Header;
import io.sotto.agent.http.Request;
import io.sotto.agent.http.Route;
import io.sotto.wire.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /ui}: the web page, answered without a redirect, and the files that it asks for. Whoever reaches the port may have them;
 * they hold nothing of this agent. Browsers ask again each time and are told when nothing changed, so that a newer agent's page
 * is seen at once. Source: ours.
 */
public final class PageApi extends ApiPart {
    private static final int NOT_MODIFIED = 304;

    /** Nothing but what comes from this agent, no inline script or style, no markup made from text, in nobody's frame. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final List<Header> HEADERS = List.of(
            new Header("Cache-Control", "no-cache"),
            new Header("Content-Security-Policy", CONTENT_POLICY),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("X-Frame-Options", "DENY"),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("Cross-Origin-Opener-Policy", "same-origin"),
            new Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Header("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));

    private final boolean isServed;
    /** What was asked for and exists: as many as the jar holds. */
    private final Map<String, PageFile> read = new ConcurrentHashMap<>();

    /** @param isServed whether there is a page at all */
    public PageApi(boolean isServed) {
        this.isServed = isServed;
    }

    @Override
    protected List<Route> routes() {
        if (!isServed) {
            return List.of();
        }
        return List.of(Route.rest("GET", "ui", Access.OPEN, (request, name) -> Route.now(answer(request, name))));
    }

    private Answer answer(Request request, String name) {
        return find(name).map(file -> answer(request, file)).orElseGet(Answer::notFound);
    }

    private Optional<PageFile> find(String name) {
        PageFile known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<PageFile> found = PageFile.find(name);
        found.ifPresent(file -> read.put(name, file));
        return found;
    }

    private static Answer answer(Request request, PageFile file) {
        boolean isKnown = request.header("If-None-Match")
                .filter(tags -> names(tags, file))
                .isPresent();
        Answer answer = isKnown
                ? new Answer(NOT_MODIFIED, Answer.Form.NONE, "", Octets.empty(), List.of(), Optional.empty())
                : Answer.bytes(file.contentType(), file.bytes());
        return answer.with("ETag", file.tag()).with(HEADERS);
    }

    /** Whether the header names this file; a proxy may have made the tag a weak one. */
    private static boolean names(String tags, PageFile file) {
        return Arrays.stream(tags.split(",", -1))
                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                .anyMatch(tag -> tag.equals(file.tag()) || tag.equals("*"));
    }
}
