/**
 * Calls between agents: one request, one answer or a stream of them, each with a deadline and an end that is a value. The
 * types here are what callers and endpoints share; the packages below carry them: links over TLS, pools, typed methods.
 */
@NullMarked
package io.sotto.rpc;

import org.jspecify.annotations.NullMarked;
