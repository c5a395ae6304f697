package io.sotto.agent.http;

import io.sotto.agent.access.Rights;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.scaladsl.model.Uri;

/** What the routes want to know of a request before its body has come. Pure. */
final class HttpHeads {
    private static final String TOKEN = "token";

    private HttpHeads() {}

    /** Without the body, of somebody whose rights nobody has asked for. */
    static Request read(HttpRequest request, InetSocketAddress client) {
        List<String> segments = new ArrayList<>();
        StringBuilder target = new StringBuilder();
        Uri.Path path = request.getUri().asScala().path();
        for (boolean isFirst = true; !path.isEmpty(); isFirst = false, path = path.tail()) {
            if (path.startsWithSegment()) {
                String segment = (String) path.head();
                segments.add(segment);
                target.append(segment);
            } else if (!isFirst) {
                target.append('/');
            }
        }
        Query query = request.getUri().query();
        return new Request(
                request.method().value().toUpperCase(Locale.ROOT),
                segments,
                target.toString(),
                query.toMap(),
                query.toMultiMap(),
                name -> header(request, name),
                Optional.of(client),
                Rights.ALL,
                Octets.empty());
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }

    /** The path and the query as a log may show them: on one line, without the token. */
    static String shownUrl(Request request) {
        String query = request.repeated().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> entry.getKey() + (value.isEmpty() ? "" : "=" + shown(entry, value))))
                .collect(Collectors.joining("&"));
        return onOneLine("/" + request.target() + (query.isEmpty() ? "" : "?" + query));
    }

    private static String shown(Map.Entry<String, List<String>> entry, String value) {
        return entry.getKey().equals(TOKEN) ? "<hidden>" : value;
    }

    /** Decoded text could hold the end of a line, and after it what looks like another; such characters stay encoded. */
    static String onOneLine(String decoded) {
        StringBuilder shown = new StringBuilder();
        decoded.codePoints().forEach(c -> {
            boolean endsOrHides = Character.isISOControl(c)
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.FORMAT;
            if (endsOrHides) {
                shown.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
