/**
 * The sockets of the HTTP API: who is let in and how many at a time, TLS with the certificates in force, and how
 * connections end. What is asked and answered is none of its business.
 */
@NullMarked
package io.sotto.agent.port;

import org.jspecify.annotations.NullMarked;
