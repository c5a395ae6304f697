/**
 * The standalone agent: the one part of sotto that talks to people.
 *
 * <p>{@code config} reads settings from files and flags, {@code cli} holds the verbs of the command line, {@code json} the
 * small JSON tree that both the verbs and the HTTP API use, {@code logging} the log lines in Consul's form. The agent is
 * the first embedder of the cluster module and has no door of its own into the layers below it.
 */
@NullMarked
package io.sotto.agent;

import org.jspecify.annotations.NullMarked;
