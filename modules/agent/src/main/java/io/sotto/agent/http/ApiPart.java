package io.sotto.agent.http;

import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import java.util.List;
import java.util.Map;

/** Some routes of the API that belong together. Their actions are called from any thread and must not block. */
public abstract class ApiPart {
    protected ApiPart() {}

    /** Asked once, when the API is put together. */
    protected abstract List<Route> routes();

    /** What it adds to the sections of names and values that {@code info} prints, for who has these rights; most add nothing. */
    protected Map<String, Json> sections(Rights rights) {
        return Map.of();
    }
}
