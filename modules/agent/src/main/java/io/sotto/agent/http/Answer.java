package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * What the API says to one request.
 *
 * @param status the HTTP status code
 * @param form how the body is labelled; {@link Form#NONE} exactly when it is empty
 * @param body the text sent; empty when it comes as a stream
 * @param allow the methods of the {@code Allow} header, empty for none
 * @param stream the text as it comes, one chunk for each element; ends when the client goes
 */
record Answer(int status, Form form, String body, List<String> allow, Optional<Source<String, NotUsed>> stream) {
    /** The content types that the API uses. */
    enum Form {
        NONE,
        TEXT,
        JSON,
        PROMETHEUS
    }

    /** Indentation of {@code ?pretty}, which ends the line as Consul does. */
    enum Layout {
        COMPACT,
        PRETTY
    }

    Answer {
        allow = List.copyOf(allow);
    }

    private Answer(int status, Form form, String body, List<String> allow) {
        this(status, form, body, allow, Optional.empty());
    }

    /** Text that comes bit by bit. */
    static Answer stream(Form form, Source<String, NotUsed> chunks) {
        return new Answer(200, form, "", List.of(), Optional.of(chunks));
    }

    static Answer empty() {
        return new Answer(200, Form.NONE, "", List.of());
    }

    static Answer notFound() {
        return new Answer(404, Form.NONE, "", List.of());
    }

    static Answer text(int status, String body) {
        return new Answer(status, Form.TEXT, body, List.of());
    }

    static Answer json(Json body, Layout layout) {
        String text = layout == Layout.PRETTY ? body.pretty() + "\n" : body.compact();
        return new Answer(200, Form.JSON, text, List.of());
    }

    /** Text in the format that Prometheus reads. */
    static Answer prometheus(String body) {
        return new Answer(200, Form.PROMETHEUS, body, List.of());
    }

    static Answer methodNotAllowed(String method, List<String> allowed) {
        return new Answer(405, Form.TEXT, "method " + method + " not allowed", withOptions(allowed));
    }

    /** The answer to {@code OPTIONS}. */
    static Answer options(List<String> allowed) {
        return new Answer(200, Form.NONE, "", withOptions(allowed));
    }

    private static List<String> withOptions(List<String> allowed) {
        List<String> methods = new ArrayList<>(List.of("OPTIONS"));
        methods.addAll(allowed);
        return methods;
    }
}
