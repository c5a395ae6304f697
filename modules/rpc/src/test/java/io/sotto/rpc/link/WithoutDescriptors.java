package io.sotto.rpc.link;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A program that takes calls on a link, uses up its descriptors, has others dial in vain, gives the descriptors back and sees
 * to it that who dialled meanwhile is let in. Ends with 0 if all of that went well, and tells of it on standard output.
 */
final class WithoutDescriptors {
    private static final int PATIENCE_SECONDS = 60;
    private static final Octets BODY = Octets.hex("80");

    private WithoutDescriptors() {}

    public static void main(String[] args) throws Exception {
        load(LinkStage.class);
        load(Octets.class);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "without");
        var counters = new LinkCounters();
        Endpoints endpoints = Endpoints.none()
                .with(
                        "T.Echo",
                        PeerRole.UNPROVEN,
                        call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())));
        RpcListener listener = RpcListener.bind(
                        system,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        LinkSettings.defaults(),
                        TlsSnapshot::none,
                        () -> endpoints,
                        counters)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Dialer dialer = Dialer.create(system, LinkSettings.defaults(), TlsSnapshot::none, counters);
        RpcLink before = ((DialResult.Linked) dial(dialer, listener).get(PATIENCE_SECONDS, TimeUnit.SECONDS)).link();
        expect(call(before), "a call in peace");

        List<InputStream> used = useUpDescriptors();
        // No descriptor for the dial itself, then one for it and none for its other end.
        DialResult refused = dial(dialer, listener).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        expect(
                refused instanceof DialResult.NotLinked failed
                        && failed.reason().endsWith("too many open files"),
                "a dial without a descriptor fails: " + refused);
        used.remove(used.size() - 1).close();
        CompletableFuture<DialResult> waiting = dial(dialer, listener);
        while (counters.refused(LinkRefusal.NOT_ACCEPTED) < 3) {
            // Calls go on while nobody can be accepted; they also give the other thread its time.
            expect(call(before), "a call without descriptors");
        }
        for (InputStream one : used) {
            one.close();
        }
        DialResult late = waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        expect(late instanceof DialResult.Linked linked && call(linked.link()), "who waited is let in: " + late);
        System.out.println("all went well");
        System.exit(0);
    }

    /** Classes that lie in files of their own are loaded now: each would need a descriptor later. */
    private static void load(Class<?> one) throws Exception {
        Path root =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .filter(path -> !path.endsWith("package-info.class"))
                        .toList()) {
                    String name = root.relativize(file).toString();
                    Class.forName(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
    }

    private static List<InputStream> useUpDescriptors() throws IOException {
        List<InputStream> used = new ArrayList<>();
        try {
            while (true) {
                used.add(new FileInputStream(Path.of("/dev/null").toFile()));
            }
        } catch (IOException none) {
            return used;
        }
    }

    private static CompletableFuture<DialResult> dial(Dialer dialer, RpcListener listener) {
        return dialer.dial(listener.address(), Optional.empty(), PeerRole.SERVER, false)
                .toCompletableFuture();
    }

    private static boolean call(RpcLink link) throws Exception {
        return link.call(new RpcRequest("T.Echo", BODY, Duration.ofMinutes(1)))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .equals(new RpcResult.Answered(BODY));
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            System.out.println("not so: " + what);
            System.exit(1);
        }
    }
}
