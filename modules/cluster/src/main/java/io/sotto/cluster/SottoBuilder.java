package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.cluster.settings.BoundOptions;
import io.sotto.cluster.settings.GossipOptions;
import io.sotto.cluster.settings.NodeOptions;
import io.sotto.cluster.settings.RpcOptions;
import io.sotto.cluster.settings.SecurityOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A {@code sotto} section made in code, one for one with HOCON: each method sets the path that it is named after, in camel case,
 * so {@code gossipLanProbeInterval} sets {@code gossip-lan.probe-interval}. What is not set is as in the system's configuration.
 * The sections of dispatchers have no methods: an actor system reads them once, for all instances.
 *
 * <pre>{@code
 * Sotto sotto = Sotto.builder(system)
 *     .nodeName("shop-7")
 *     .encryptFile("/run/secrets/gossip.key")
 *     .retryJoin(List.of("10.0.0.5"))
 *     .create();
 * }</pre>
 *
 * <p>Immutable: each method gives a new one, so one that is half done may serve several. Its text form shows no values.
 */
public final class SottoBuilder
        implements NodeOptions<SottoBuilder>,
                SecurityOptions<SottoBuilder>,
                GossipOptions<SottoBuilder>,
                BoundOptions<SottoBuilder>,
                RpcOptions<SottoBuilder> {
    private final ActorSystem<?> system;
    private final Config section;

    private SottoBuilder(ActorSystem<?> system, Config section) {
        this.system = system;
        this.section = section;
    }

    static SottoBuilder of(ActorSystem<?> system) {
        return new SottoBuilder(system, ConfigFactory.empty("SottoBuilder"));
    }

    @Override
    public SottoBuilder set(String path, Object value) {
        return new SottoBuilder(system, section.withValue(path, ConfigValueFactory.fromAnyRef(plain(value))));
    }

    /** In the words of HOCON: a duration would become a number of milliseconds without a unit. */
    private static Object plain(Object value) {
        if (value instanceof Duration duration) {
            return LiveSettings.text(duration);
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(SottoBuilder::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((name, inner) -> plain.put(String.valueOf(name), plain(inner)));
            return plain;
        }
        return value;
    }

    /** What has been set, as a {@code sotto} section; it may hold secrets. */
    public Config toConfig() {
        return section;
    }

    /**
     * Makes an instance of these settings, with those of the system for what they leave out.
     *
     * @throws com.typesafe.config.ConfigException for settings that cannot be
     */
    public Sotto create() {
        return Sotto.create(system, section);
    }

    @Override
    public String toString() {
        List<String> paths =
                section.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
        return "SottoBuilder" + paths;
    }
}
