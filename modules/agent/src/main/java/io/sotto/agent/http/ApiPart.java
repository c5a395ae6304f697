package io.sotto.agent.http;

import java.util.List;

/** Some routes of the API that belong together. */
public abstract class ApiPart {
    ApiPart() {}

    abstract List<Route> routes();
}
