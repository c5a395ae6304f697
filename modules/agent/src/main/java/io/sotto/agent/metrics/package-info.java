/**
 * The figures of the process that an agent is, and the two forms in which all figures are shown: JSON in the shape of
 * Consul's, and the text that Prometheus reads.
 */
@NullMarked
package io.sotto.agent.metrics;

import org.jspecify.annotations.NullMarked;
