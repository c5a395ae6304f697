package io.sotto.discovery;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import scala.Option;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** A discovery method that finds what a test says, and remembers when it was asked. */
final class FoundAddresses extends ServiceDiscovery {
    private final Supplier<Duration> now;
    private final Function<Lookup, CompletionStage<List<ResolvedTarget>>> answer;
    private final List<Duration> asked = new ArrayList<>();

    FoundAddresses(Supplier<Duration> now, Function<Lookup, CompletionStage<List<ResolvedTarget>>> answer) {
        this.now = now;
        this.answer = answer;
    }

    static CompletionStage<List<ResolvedTarget>> of(Collection<InetAddress> addresses) {
        return CompletableFuture.completedFuture(addresses.stream()
                .map(address -> new ResolvedTarget(address.getHostAddress(), Option.empty(), Option.apply(address)))
                .toList());
    }

    List<Duration> asked() {
        return asked;
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration resolveTimeout) {
        asked.add(now.get());
        return FutureConverters.asScala(answer.apply(lookup)
                .thenApply(targets -> new Resolved(
                        lookup.serviceName(),
                        CollectionConverters.asScala(targets).toList())));
    }

    @Override
    public CompletionStage<Resolved> lookup(Lookup lookup, Duration resolveTimeout) {
        asked.add(now.get());
        return answer.apply(lookup)
                .thenApply(targets -> new Resolved(
                        lookup.serviceName(),
                        CollectionConverters.asScala(targets).toList()));
    }
}
