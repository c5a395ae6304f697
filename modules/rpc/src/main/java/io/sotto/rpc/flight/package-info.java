/**
 * What a flight recorder is told, as it happens: docs/reference/metrics.md has the table. Nothing is made ready for it while nobody
 * records.
 */
@NullMarked
package io.sotto.rpc.flight;

import org.jspecify.annotations.NullMarked;
