/**
 * The agent's HTTP API in Consul's paths, shapes, status codes and texts, so that tools written for a Consul agent can read
 * a sotto agent.
 *
 * <p>{@link io.sotto.agent.http.AgentApi} is the table of routes and knows no HTTP library;
 * {@link io.sotto.agent.http.HttpListener} is the socket in front of it. Secrets never appear in an answer: where Consul
 * has a field for one, the value is {@code hidden}.
 */
@NullMarked
package io.sotto.agent.http;

import org.jspecify.annotations.NullMarked;
