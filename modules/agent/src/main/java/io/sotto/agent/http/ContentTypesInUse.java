package io.sotto.agent.http;

import io.sotto.agent.metrics.PrometheusText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/**
 * The HTTP library's form of each content type, made by the first who asks: one with parameters loads the library's parser, for
 * which no start should wait. There are as many as the routes use.
 */
final class ContentTypesInUse {
    private static final Map<Answer.Form, ContentType> KNOWN = new ConcurrentHashMap<>(Map.of(
            Answer.Form.TEXT,
            MediaTypes.TEXT_PLAIN.toContentType(HttpCharsets.custom("utf-8")),
            Answer.Form.JSON,
            ContentTypes.APPLICATION_JSON));

    private ContentTypesInUse() {}

    static ContentType of(Answer.Form form) {
        ContentType known = KNOWN.get(form);
        return known == null ? KNOWN.computeIfAbsent(form, ContentTypesInUse::make) : known;
    }

    private static ContentType make(Answer.Form form) {
        return form.equals(Answer.Form.PROMETHEUS)
                ? MediaTypes.customWithOpenCharset("text", "plain", Map.of("version", PrometheusText.VERSION), false)
                        .toContentType(HttpCharsets.custom("utf-8"))
                : ContentTypes.parse(form.contentType());
    }
}
