package io.sotto.interop;

import java.nio.file.Path;

/** An agent with an HTTP API. */
interface HttpNode extends PoolNode {
    HttpApi api();

    /** Where it keeps its keys. */
    Path ring();
}
