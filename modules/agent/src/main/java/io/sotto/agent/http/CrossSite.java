package io.sotto.agent.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps pages of others from asking in the name of whoever looks at them.
 *
 * <p>Browsers say which page wants something written ({@code Origin}); it must be one of this agent's own. They also take
 * whatever address a stranger's name resolves to, so a browser must have called this agent by an address, by
 * {@code localhost}, or by a name that it knows to be its own: for what is written, and for its page. Programs that are no
 * browsers send no origin and are not asked. Pure. Source: security rules; the Fetch standard, section 3.2, and Fetch Metadata.
 */
final class CrossSite {
    private static final int FORBIDDEN = 403;
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final List<List<String>> PAGE = List.of(List.of("ui"), List.of("v1", "events"));

    private final Set<String> names;

    /**
     * @param node this agent's name
     * @param others what else it may be called
     */
    CrossSite(String node, List<String> others) {
        this.names = Stream.concat(Stream.of("localhost", node), others.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why not; empty if it may go on. */
    Optional<Answer> refusal(Request request) {
        String host = request.header("Host").orElse("").toLowerCase(Locale.ROOT);
        if (READING.contains(request.method())) {
            return isOfThePage(request) && !isOurs(host) ? stranger(host) : Optional.empty();
        }
        Optional<String> origin = request.header("Origin").map(text -> text.toLowerCase(Locale.ROOT));
        String site = request.header("Sec-Fetch-Site").orElse("none").toLowerCase(Locale.ROOT);
        boolean isOfAnother = (origin.isPresent() && !isOf(origin.get(), host))
                || site.equals("cross-site")
                || site.equals("same-site");
        if (isOfAnother) {
            return Optional.of(Answer.text(FORBIDDEN, "Forbidden: a page of another site asks for this"));
        }
        return origin.isPresent() && !isOurs(host) ? stranger(host) : Optional.empty();
    }

    private static Optional<Answer> stranger(String host) {
        return Optional.of(Answer.text(
                FORBIDDEN,
                "Forbidden: \"" + host + "\" is no address and no name of this agent (see http.allowed-hosts)"));
    }

    private static boolean isOfThePage(Request request) {
        return PAGE.stream()
                .anyMatch(prefix -> request.path().size() >= prefix.size()
                        && request.path().subList(0, prefix.size()).equals(prefix));
    }

    /** An origin is a scheme and what a request to it has as its host. */
    private static boolean isOf(String origin, String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equals(host);
    }

    private boolean isOurs(String host) {
        String name = withoutPort(host);
        return name.isEmpty() || isAddress(name) || names.contains(name);
    }

    private static String withoutPort(String host) {
        int bracket = host.lastIndexOf(']');
        int colon = host.lastIndexOf(':');
        return colon > bracket ? host.substring(0, colon) : host;
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }
}
