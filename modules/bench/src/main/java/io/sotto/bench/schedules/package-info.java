/** Many random schedules in a row: the longest look that the simulator takes at production pools. */
@NullMarked
package io.sotto.bench.schedules;

import org.jspecify.annotations.NullMarked;
