/**
 * The agent's web page: static files out of its own jar, which ask the same API as everybody else. No template, no session and no
 * state on this side; what the page shows, and to whom, is decided by the API.
 */
@NullMarked
package io.sotto.agent.page;

import org.jspecify.annotations.NullMarked;
