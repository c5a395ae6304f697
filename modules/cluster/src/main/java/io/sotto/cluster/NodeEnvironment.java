package io.sotto.cluster;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Where the calls of a node take time and chance from.
 *
 * @param nanos a clock that only advances
 * @param randoms gives whoever asks a generator of its own
 */
record NodeEnvironment(LongSupplier nanos, Supplier<RandomGenerator> randoms) {}
