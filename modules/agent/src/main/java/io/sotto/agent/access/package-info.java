/**
 * Who may do what at this agent: what each request needs, and who decides whether its sender may have it.
 *
 * <p>{@link io.sotto.agent.access.Access} names the needs, {@link io.sotto.agent.access.AccessControl} decides, and nothing here
 * knows HTTP. A token is a secret and lives in {@link io.sotto.agent.access.Token} only.
 */
@NullMarked
package io.sotto.agent.access;

import org.jspecify.annotations.NullMarked;
