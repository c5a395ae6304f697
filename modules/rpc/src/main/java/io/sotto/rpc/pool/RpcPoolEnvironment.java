package io.sotto.rpc.pool;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world that the connections live in: everything that a test replaces.
 *
 * @param dialer makes connections
 * @param nanos a clock that only advances; read by every call
 * @param generation which TLS settings are in force: of the snapshot that a dial would take now
 * @param namesServers whether the certificates of servers must name them as such, under the settings in force
 * @param randoms gives whoever asks a generator of its own; asked on any thread
 * @param alarms told of those that act as servers without being any; must not block
 */
public record RpcPoolEnvironment(
        RpcDialer dialer,
        LongSupplier nanos,
        LongSupplier generation,
        BooleanSupplier namesServers,
        Supplier<RandomGenerator> randoms,
        Consumer<RpcAlarm> alarms) {}
