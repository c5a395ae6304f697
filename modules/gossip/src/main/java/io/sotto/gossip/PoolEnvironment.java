package io.sotto.gossip;

import io.sotto.gossip.network.Network;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.gossip.network.UdpTcpNetwork;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world that a pool lives in: everything that a test or a simulation replaces.
 *
 * @param time clocks
 * @param randoms gives each actor a generator of its own, for choices that need not be secret
 * @param entropy fills an array with unpredictable bytes, for nonces
 * @param resolver looks names up; may block
 */
public record PoolEnvironment(
        Network network,
        PoolTime time,
        Supplier<RandomGenerator> randoms,
        Consumer<byte[]> entropy,
        JoinTarget.Resolver resolver) {

    /** The operating system's entropy, for private keys and what else must not be guessed. */
    public static SecureRandom secrets() {
        return new SecureRandom();
    }

    /** The operating system's sockets, clocks, entropy and resolver. */
    public static PoolEnvironment system(NetworkSettings settings) {
        SecureRandom secure = new SecureRandom();
        SplittableRandom root = new SplittableRandom(secure.nextLong());
        return new PoolEnvironment(
                UdpTcpNetwork.create(settings),
                PoolTime.system(),
                () -> {
                    synchronized (root) {
                        return root.split();
                    }
                },
                secure::nextBytes,
                InetAddress::getAllByName);
    }
}
