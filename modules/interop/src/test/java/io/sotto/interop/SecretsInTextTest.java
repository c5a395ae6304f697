package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.agent.cli.Main;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.PoolKeyring;
import io.sotto.cluster.Sotto;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.membership.upshift.trial.KeyTrial;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.KeyringChange;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import java.io.PrintStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetSocketAddress;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What holds a key does not show it in its text: every object of ours that hangs on a live member and its configuration,
 * every message about keys, and all that is logged while keys change.
 */
class SecretsInTextTest {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final List<Class<?>> MODULES = List.of(GossipKey.class, KeyKeeper.class, Sotto.class, Main.class);

    private static final Map<Class<?>, Object> SIMPLE = Map.ofEntries(
            Map.entry(boolean.class, true),
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(String.class, ""),
            Map.entry(List.class, List.of()),
            Map.entry(Set.class, Set.of()),
            Map.entry(Map.class, Map.of()),
            Map.entry(SortedMap.class, new TreeMap<>()),
            Map.entry(SortedSet.class, new TreeSet<>()),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(CompletableFuture.class, new CompletableFuture<>()),
            Map.entry(KeyTrial.class, new KeyTrial(Optional.empty(), true)),
            Map.entry(InetSocketAddress.class, InetSocketAddress.createUnresolved("nobody", 1)),
            Map.entry(PrintStream.class, System.out),
            Map.entry(Supplier.class, (Supplier<Object>) Object::new));

    @TempDir
    private Path directory;

    private final byte[] first = random(1);
    private final byte[] second = random(2);
    private final KeyForms forms = new KeyForms().with("first", first).with("second", second);

    @Test
    void whateverHoldsAKeyHidesItAndNothingThatIsLoggedShowsIt() throws Exception {
        String base64 = Base64.getEncoder().encodeToString(first);
        List<String> lines = new CopyOnWriteArrayList<>();
        ListAppender<ILoggingEvent> seen = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage() + " " + event.getMDCPropertyMap());
            }
        };
        seen.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Logger own = (Logger) LoggerFactory.getLogger("io.sotto");
        Level before = root.getLevel();
        root.addAppender(seen);
        root.setLevel(Level.TRACE);
        own.setLevel(Level.TRACE);
        Config settings = ConfigFactory.parseString("sotto { profile = serf, node-name = n, ports.serf-lan = 0"
                        + ", bind-addr = \"127.0.0.1\", data-dir = \"" + directory + "\", encrypt = \"" + base64
                        + "\" }, pekko.loglevel = DEBUG")
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "n", settings);
        try {
            Sotto sotto = Sotto.get(system);
            sotto.lan().started().toCompletableFuture().get(60, TimeUnit.SECONDS);
            GossipKey given = GossipKey.of(second);
            change(sotto.lan().keyring(), given);
            LoadResult loaded = new SettingsLoader(() -> "here", () -> base64)
                    .load(new SettingsRequest(
                            List.of(), Optional.empty(), List.of(), Map.of("encrypt", List.of(base64)), true));
            List<Object> objects = new ArrayList<>(ObjectGraph.from(List.of(sotto, loaded)));
            objects.addAll(messages(given, system.deadLetters()));
            objects.add(system.deadLetters());
            objects.add((Consumer<Object>) ignored -> {});

            Map<String, Object> leaks = new TreeMap<>();
            Set<Class<?>> met = new HashSet<>();
            for (Object object : objects) {
                met.add(object.getClass());
                if (!forms.in(String.valueOf(object)).isEmpty()) {
                    leaks.put(object.getClass().getName(), forms.in(String.valueOf(object)));
                }
            }
            assertThat(leaks).as("seed %d: types whose text shows a key", SEED).isEmpty();
            assertThat(met).contains(GossipKey.class, Keyring.class, LoadResult.Loaded.class);
            for (Class<?> type : recordsThatReachAKey()) {
                if (!met.contains(type)) {
                    // Held by nothing for long: one is made of what was met.
                    Object sample = sample(type, given, objects);
                    assertThat(forms.in(sample.toString()))
                            .as("%s, seed %d", type, SEED)
                            .isEmpty();
                }
            }
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
            root.detachAppender(seen);
            root.setLevel(before);
            own.setLevel(Level.INFO);
        }
        assertThat(lines).hasSizeGreaterThan(10).anyMatch(line -> line.contains("keyring changed"));
        assertThat(forms.in(lines)).as("seed %d: logged", SEED).isEmpty();
    }

    private void change(PoolKeyring keyring, GossipKey key) throws Exception {
        for (var outcome : List.of(
                keyring.install(key),
                keyring.use(key),
                keyring.remove(key),
                keyring.remove(GossipKey.of(first)),
                keyring.list())) {
            KeyringOutcome done = outcome.toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(forms.in(done.toString())).isEmpty();
        }
        Path ring = directory.resolve("serf/local.keyring");
        Files.delete(ring);
        // Not the directory: the snapshot may come into it at any time.
        Files.createDirectories(ring.resolve("in the way"));
        assertThat(keyring.install(GossipKey.of(first)).toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isInstanceOf(KeyringOutcome.NotWritten.class)
                .satisfies(told -> assertThat(forms.in(told.toString())).isEmpty());
    }

    private static List<Object> messages(GossipKey key, ActorRef<KeyKeeper.Answer> nobody) {
        Keyring ring = Keyring.of(key);
        byte[] sealed = new Sealer((target, offset) -> {}).seal(key, new byte[40], 0, 40, Octets.empty());
        KeyKeeper.Remove remove = new KeyKeeper.Remove(key, nobody);
        return List.of(
                new KeyKeeper.Install(key, nobody),
                new KeyKeeper.Use(key, nobody),
                remove,
                new KeyKeeper.Answer.Done(ring),
                new KeyKeeper.Opened.Ready(ring, Optional.empty()),
                new GossipPool.Keys(remove),
                new KeyringChange.Done(ring),
                new Opener().open(ring, Octets.wrap(sealed), Octets.empty()));
    }

    /** Records of the agent's modules with a component through which a key can be reached, by declared types. */
    private static Set<Class<?>> recordsThatReachAKey() throws Exception {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> module : MODULES) {
            Path origin = Path.of(
                    module.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(origin)) {
                records.addAll(records(origin));
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(origin)) {
                    records.addAll(records(jar.getPath("/")));
                }
            }
        }
        Set<Class<?>> reaching = new HashSet<>(Set.of(GossipKey.class, Keyring.class));
        int size;
        do {
            size = reaching.size();
            for (Class<?> each : records) {
                for (RecordComponent component : each.getRecordComponents()) {
                    if (names(component.getGenericType(), reaching)) {
                        reaching.add(each);
                    }
                }
            }
        } while (reaching.size() > size);
        return reaching;
    }

    private static Object sample(Class<?> type, GossipKey key, List<Object> met) throws Exception {
        List<Object> values = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> raw = component.getType();
            types.add(raw);
            if (raw == Optional.class) {
                values.add(
                        names(component.getGenericType(), Set.of(GossipKey.class))
                                ? Optional.of(key)
                                : Optional.empty());
            } else {
                values.add(value(raw, type, key, met));
            }
        }
        var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values.toArray());
    }

    /** Something simple, something that was met, or else one that is made for it. */
    private static Object value(Class<?> raw, Class<?> of, GossipKey key, List<Object> met) throws Exception {
        if (SIMPLE.containsKey(raw)) {
            return SIMPLE.get(raw);
        }
        Optional<Object> known = met.stream().filter(raw::isInstance).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        if (raw.isRecord()) {
            return sample(raw, key, met);
        }
        if (raw.isEnum()) {
            // The first of some takes no key.
            return raw.getEnumConstants()[raw.getEnumConstants().length - 1];
        }
        if (raw.isSealed()) {
            return value(raw.getPermittedSubclasses()[0], of, key, met);
        }
        if (raw.isInterface()) {
            return Proxy.newProxyInstance(
                    raw.getClassLoader(), new Class<?>[] {raw}, (self, method, arguments) -> raw.getSimpleName());
        }
        throw new AssertionError("no " + raw + " to make a " + of);
    }

    private static boolean names(Type type, Set<Class<?>> any) {
        if (type instanceof ParameterizedType generic) {
            return Stream.of(generic.getActualTypeArguments()).anyMatch(argument -> names(argument, any));
        }
        return type instanceof Class<?> known && any.contains(known);
    }

    private static List<Class<?>> records(Path root) throws Exception {
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                if (name.startsWith("io.sotto.") && !name.endsWith("package-info")) {
                    Class<?> type = Class.forName(name, false, SecretsInTextTest.class.getClassLoader());
                    if (type.isRecord()) {
                        found.add(type);
                    }
                }
            }
        }
        return found;
    }

    private static byte[] random(int number) {
        byte[] bytes = new byte[32];
        new Random(SEED + number).nextBytes(bytes);
        return bytes;
    }
}
