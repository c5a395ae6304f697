package io.sotto.cluster.settings;

/**
 * Sets one setting after the other.
 *
 * @param <B> what each method gives back, so that calls can be chained
 */
public interface Options<B> {
    /**
     * Sets any path below {@code sotto}.
     *
     * @param path as HOCON has it: {@code gossip-lan.probe-interval}
     * @param value a text, a number, a boolean, a {@link java.time.Duration}, or a list or map of such
     * @throws com.typesafe.config.ConfigException for what is no path, or no such value
     */
    B set(String path, Object value);
}
