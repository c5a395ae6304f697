package io.sotto.rpc.loop;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.MonitorableThreadFactory;

/**
 * Makes a dispatcher of {@link SelectorLoop}s: {@code loops-factor} for each processor, at least {@code loops-min} and at most
 * {@code loops-max}. Pekko makes it by its name in the settings, anew whenever the dispatcher gets its first actor, and ends the
 * threads a second after the last one has gone.
 */
public final class SelectorLoopsConfigurator extends ExecutorServiceConfigurator {
    private final int loops;
    private final Duration vigil;

    /** What Pekko makes it with. */
    public SelectorLoopsConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        int processors = Runtime.getRuntime().availableProcessors();
        this.loops = loops(config, processors);
        this.vigil = vigil(config, processors);
    }

    /** @throws IllegalArgumentException for bounds that leave no number */
    static int loops(Config config, int processors) {
        int least = config.getInt("loops-min");
        int most = config.getInt("loops-max");
        if (least < 1 || most < least) {
            throw new IllegalArgumentException(
                    "1 <= loops-min <= loops-max does not hold for " + least + " and " + most);
        }
        return Math.max(least, Math.min(most, (int) Math.ceil(processors * config.getDouble("loops-factor"))));
    }

    /** None on a single processor: there it would keep the other end from sending what is waited for. */
    static Duration vigil(Config config, int processors) {
        return processors > 1 ? config.getDuration("vigil") : Duration.ZERO;
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        ThreadFactory named =
                threads instanceof MonitorableThreadFactory ours ? ours.withName(ours.name() + "-" + id) : threads;
        return () -> new SelectorLoops(named, loops, System::nanoTime, vigil);
    }
}
