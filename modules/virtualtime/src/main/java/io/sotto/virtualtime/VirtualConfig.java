package io.sotto.virtualtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration under which a system has no thread: its scheduler is virtual, and every dispatcher that it names, the
 * application's too, is pumped. Dispatchers for sockets are left as they are, since a selector blocks.
 */
final class VirtualConfig {
    /** Messages that an actor handles before others get their turn: enough that taking turns costs little. */
    private static final int THROUGHPUT = 64;

    private static final String SOCKETS = "pekko.io";

    private VirtualConfig() {}

    static Config of(Config application) {
        StringBuilder text = new StringBuilder();
        text.append("pekko.scheduler.implementation = \"")
                .append(VirtualScheduler.class.getName())
                .append("\"\n")
                // A system that a test forgets would otherwise be ended by the JVM's end, on a thread of its own.
                .append("pekko.jvm-shutdown-hooks = off\n")
                .append("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off\n")
                .append("pekko.log-dead-letters = off\n")
                .append("pekko.log-dead-letters-during-shutdown = off\n");
        for (String dispatcher : dispatchers(application.root())) {
            text.append(dispatcher)
                    .append(" { type = Dispatcher, executor = \"")
                    .append(PumpedExecutor.class.getName())
                    .append("\", throughput = ")
                    .append(THROUGHPUT)
                    .append(" }\n");
        }
        return ConfigFactory.parseString(text.toString()).withFallback(application);
    }

    /** What a lane's dispatcher is made from. */
    static Config lane(String id, Config defaultDispatcher) {
        return ConfigFactory.parseMap(Map.of("id", id, "name", id)).withFallback(defaultDispatcher);
    }

    private static List<String> dispatchers(ConfigObject root) {
        List<String> found = new ArrayList<>();
        collect(root, List.of(), found);
        return found;
    }

    private static void collect(ConfigObject object, List<String> path, List<String> found) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
            if (entry.getValue() instanceof ConfigObject inner) {
                List<String> innerPath = new ArrayList<>(path);
                innerPath.add(entry.getKey());
                String name = ConfigUtil.joinPath(innerPath);
                if (isDispatcher(inner)) {
                    found.add(name);
                } else if (!name.equals(SOCKETS)) {
                    collect(inner, innerPath, found);
                }
            }
        }
    }

    private static boolean isDispatcher(ConfigObject object) {
        ConfigValue executor = object.get("executor");
        return executor != null && executor.valueType() == ConfigValueType.STRING;
    }
}
