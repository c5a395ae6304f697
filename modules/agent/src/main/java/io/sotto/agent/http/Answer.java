package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What the API says to one request. Immutable; a stream in it runs once.
 *
 * @param status the HTTP status code
 * @param form how the body is labelled; {@link Form#NONE} exactly when there is none
 * @param body the text sent; empty when it comes as bytes or as a stream
 * @param bytes what is sent that is no text; empty otherwise
 * @param headers besides the type and the length, in this order
 * @param stream what is sent as it comes, one chunk for each element; stopped when the client goes
 */
public record Answer(
        int status,
        Form form,
        String body,
        Octets bytes,
        List<Header> headers,
        Optional<Source<ByteString, NotUsed>> stream) {
    private static final int OK = 200;

    /**
     * The type of a body.
     *
     * @param contentType as the header has it; empty for no body
     */
    public record Form(String contentType) {
        public static final Form NONE = new Form("");
        /** In Consul's spelling; clients have been seen to compare the header as a string. */
        public static final Form TEXT = new Form("text/plain; charset=utf-8");

        public static final Form JSON = new Form("application/json");
        public static final Form PROMETHEUS = new Form("text/plain; version=0.0.4; charset=utf-8");
        /** Events as browsers read them. */
        public static final Form EVENTS = new Form("text/event-stream");

        public static final Form OCTETS = new Form("application/octet-stream");
    }

    /** Indentation of {@code ?pretty}, which ends the line as Consul does. */
    public enum Layout {
        COMPACT,
        PRETTY
    }

    public Answer {
        headers = List.copyOf(headers);
    }

    private Answer(int status, Form form, String body) {
        this(status, form, body, Octets.empty(), List.of(), Optional.empty());
    }

    /** Text that comes bit by bit. */
    public static Answer stream(Form form, Source<String, NotUsed> chunks) {
        return streamOfBytes(form, chunks.map(ByteString::fromString));
    }

    /** Bytes that come bit by bit. */
    public static Answer streamOfBytes(Form form, Source<ByteString, NotUsed> chunks) {
        return new Answer(OK, form, "", Octets.empty(), List.of(), Optional.of(chunks));
    }

    /** Bytes of any type, such as {@code image/svg+xml}. */
    public static Answer bytes(String contentType, Octets bytes) {
        return new Answer(OK, new Form(contentType), "", bytes, List.of(), Optional.empty());
    }

    public static Answer empty() {
        return new Answer(OK, Form.NONE, "");
    }

    public static Answer notFound() {
        return new Answer(404, Form.NONE, "");
    }

    public static Answer text(int status, String body) {
        return new Answer(status, Form.TEXT, body);
    }

    public static Answer json(Json body, Layout layout) {
        return json(OK, body, layout);
    }

    public static Answer json(int status, Json body, Layout layout) {
        String text = layout == Layout.PRETTY ? body.pretty() + "\n" : body.compact();
        return new Answer(status, Form.JSON, text);
    }

    /** Text in the format that Prometheus reads. */
    static Answer prometheus(String body) {
        return new Answer(OK, Form.PROMETHEUS, body);
    }

    static Answer methodNotAllowed(String method, List<String> allowed) {
        return new Answer(405, Form.TEXT, "method " + method + " not allowed").allowing(allowed);
    }

    /** The answer to {@code OPTIONS}. */
    static Answer options(List<String> allowed) {
        return new Answer(OK, Form.NONE, "").allowing(allowed);
    }

    private Answer allowing(List<String> allowed) {
        List<String> methods = new ArrayList<>(List.of("OPTIONS"));
        methods.addAll(allowed);
        return with("Allow", String.join(",", methods));
    }

    /** The same with one header more. */
    public Answer with(String name, String value) {
        return with(List.of(new Header(name, value)));
    }

    /** The same with these headers after its own. */
    public Answer with(List<Header> more) {
        List<Header> all = new ArrayList<>(headers);
        all.addAll(more);
        return new Answer(status, form, body, bytes, all, stream);
    }

    /** The value of a header, the first of that name. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }
}
