/**
 * The HTTP API of an agent under load, beside a real Consul client agent in the same datacenter and the same run: requests per
 * second by {@code wrk}, and many who wait at the same time.
 */
@NullMarked
package io.sotto.bench.http;

import org.jspecify.annotations.NullMarked;
