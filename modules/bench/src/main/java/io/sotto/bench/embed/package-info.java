/**
 * An application with a cluster library inside, as a process of its own: what it costs beside the same one without, and beside
 * one with another library.
 */
@NullMarked
package io.sotto.bench.embed;

import org.jspecify.annotations.NullMarked;
