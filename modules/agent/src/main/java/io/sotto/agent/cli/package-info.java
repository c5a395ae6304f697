/**
 * The command line: {@link Main} finds a verb, the verb reads its flags and does its work, mostly over a running agent's
 * HTTP API.
 *
 * <p>Starting {@code keygen} or {@code members} must cost hardly more than starting a JVM, so what lies on their way uses
 * no library, no reflection and no regular expression: own flags (see the architecture decision record 0001), a socket for
 * HTTP, the small JSON tree of {@code io.sotto.agent.json}. Only {@code agent}, {@code validate} and {@code demo} load more.
 */
@NullMarked
package io.sotto.agent.cli;

import org.jspecify.annotations.NullMarked;
