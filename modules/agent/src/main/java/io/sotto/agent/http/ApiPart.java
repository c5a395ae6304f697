package io.sotto.agent.http;

import java.util.List;

/** Some routes of the API that belong together. Their actions are called from any thread and must not block. */
public abstract class ApiPart {
    protected ApiPart() {}

    /** Asked once, when the API is put together. */
    protected abstract List<Route> routes();
}
