package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Settings in code are settings in HOCON. */
class SottoBuilderTest {
    /** Read by the actor system, once and for all instances. */
    private static final String OF_THE_SYSTEM = "-dispatcher.";

    private final ActorTestKit kit = ActorTestKit.create("builder-test", ConfigFactory.load());
    private final Config reference = ConfigFactory.defaultReference().getConfig("sotto");

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> eachKeyHasAMethodThatSetsItAndNothingElse() {
        SortedMap<String, ConfigValueType> keys = keys();
        assertThat(keys).hasSizeGreaterThan(150);
        return keys.entrySet().stream()
                .map(key -> DynamicTest.dynamicTest(key.getKey(), () -> {
                    Method method = method(key.getKey());
                    Object value = value(key.getKey(), method.getGenericParameterTypes()[0]);

                    Config set = ((SottoBuilder) method.invoke(Sotto.builder(kit.system()), value)).toConfig();

                    assertThat(set.root().keySet()).containsExactly(key.getKey().replaceFirst("[.].*", ""));
                    assertThat(read(set, key.getKey(), method.getGenericParameterTypes()[0]))
                            .isEqualTo(value);
                    if (key.getValue() != ConfigValueType.NULL) {
                        assertThat(read(reference, key.getKey(), method.getGenericParameterTypes()[0]))
                                .isEqualTo(value);
                    }
                }));
    }

    @Test
    void eachMethodIsOfAKey() {
        List<String> names =
                keys().keySet().stream().map(SottoBuilderTest::name).toList();

        assertThat(Arrays.stream(SottoBuilder.class.getMethods())
                        .filter(method -> method.getParameterCount() == 1 && method.isDefault())
                        .map(Method::getName))
                .hasSameElementsAs(names);
    }

    @Test
    void whatIsSetInCodeEqualsTheSameInHocon() {
        Config inCode = Sotto.builder(kit.system())
                .nodeName("shop-7")
                .profile("serf")
                .portsSerfLan(0)
                .tags(Map.of("role", "shop"))
                .retryJoin(List.of("10.0.0.5", "10.0.0.6:7946"))
                .retryInterval(Duration.ofMinutes(2))
                .encryptVerifyIncoming(false)
                .gossipLanProbeInterval(Duration.ofMillis(1500))
                .gossipLimitsDatagramMax(1400)
                .keyRotationNonceBudgetMessages(4294967296L)
                .rpcRate(2.5)
                .tlsVerifyOutgoing(true)
                .tlsExpiryWarnings(List.of(Duration.ofDays(1)))
                .set("gossip.flood.ledger-max", 7)
                .toConfig();

        assertThat(inCode).isEqualTo(ConfigFactory.parseString("""
                                node-name = shop-7
                                profile = serf
                                ports.serf-lan = 0
                                tags { role = shop }
                                retry-join = ["10.0.0.5", "10.0.0.6:7946"]
                                retry-interval = 120s
                                encrypt-verify-incoming = false
                                gossip-lan.probe-interval = 1500ms
                                gossip.limits.datagram-max = 1400
                                key-rotation.nonce-budget.messages = 4294967296
                                rpc.rate = 2.5
                                tls { verify-outgoing = true, expiry-warnings = [86400s] }
                                gossip.flood.ledger-max = 7
                                """));
    }

    @Test
    void oneThatIsHalfDoneServesSeveralNodes() {
        SottoBuilder half = Sotto.builder(kit.system())
                .bindAddr("127.0.0.1")
                .portsSerfLan(0)
                .profile("serf")
                .leaveOnShutdown(false);

        Sotto a = half.nodeName("a").create();
        Sotto b = half.nodeName("b").create();

        assertThat(a.started().toCompletableFuture().join().name()).isEqualTo("a");
        assertThat(b.started().toCompletableFuture().join().name()).isEqualTo("b");
    }

    @Test
    void itsTextShowsNoSecret() {
        assertThat(Sotto.builder(kit.system())
                        .encrypt("AAECAwQFBgcICQoLDA0ODw==")
                        .toString())
                .isEqualTo("SottoBuilder[encrypt]");
    }

    private SortedMap<String, ConfigValueType> keys() {
        SortedMap<String, ConfigValueType> keys = new TreeMap<>();
        collect("", reference.root(), keys);
        keys.keySet().removeIf(path -> path.contains(OF_THE_SYSTEM));
        return keys;
    }

    /** Those without a value too, which {@code entrySet} leaves out. */
    private static void collect(String prefix, ConfigObject object, Map<String, ConfigValueType> keys) {
        object.forEach((name, value) -> {
            if (value instanceof ConfigObject inner && !inner.isEmpty()) {
                collect(prefix + name + ".", inner, keys);
            } else {
                keys.put(prefix + name, value.valueType());
            }
        });
    }

    private static Method method(String path) {
        return Arrays.stream(SottoBuilder.class.getMethods())
                .filter(method -> method.getName().equals(name(path)) && method.getParameterCount() == 1)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no method " + name(path) + " for " + path));
    }

    private static String name(String path) {
        return Pattern.compile("[.-](.)")
                .matcher(path)
                .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    /** The default of the key, or where it has none, something. */
    private Object value(String path, Type type) {
        return reference.hasPath(path) ? read(reference, path, type) : true;
    }

    private static Object read(Config config, String path, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list.getActualTypeArguments()[0] == Duration.class
                    ? config.getDurationList(path)
                    : config.getStringList(path);
        }
        if (type instanceof ParameterizedType) {
            return config.getObject(path).unwrapped();
        }
        if (type == Duration.class) {
            return config.getDuration(path);
        }
        if (type == boolean.class) {
            return config.getBoolean(path);
        }
        if (type == int.class) {
            return config.getInt(path);
        }
        if (type == long.class) {
            return config.getBytes(path);
        }
        return type == double.class ? (Object) config.getDouble(path) : config.getString(path);
    }
}
