package io.sotto.rpc.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** TCP sockets of this machine; each port is accepted on by a stage of its own. */
final class MachineSockets implements LinkSockets {
    /** Where others are accepted; nothing else is done there, so that no handshake holds up the next who comes. */
    private static final String ACCEPTS = "sotto.rpc.accept-dispatcher";

    private static final int ACCEPT_BACKLOG = 4_096;

    private final ActorSystem<?> system;

    MachineSockets(ActorSystem<?> system) {
        this.system = system;
    }

    @Override
    public LinkSocket open(Optional<InetSocketAddress> from) throws IOException {
        return MachineSocket.open(from);
    }

    @Override
    public Port listen(InetSocketAddress address, Door door) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, ACCEPT_BACKLOG);
            InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
            UniqueKillSwitch accepting = Source.fromGraph(new AcceptStage(server, channels(bound, door)))
                    .viaMat(KillSwitches.single(), Keep.right())
                    .to(Sink.ignore())
                    .addAttributes(ActorAttributes.dispatcher(ACCEPTS))
                    .run(SystemMaterializer.get(system).materializer());
            return new Port() {
                @Override
                public InetSocketAddress address() {
                    return bound;
                }

                @Override
                public void close() {
                    accepting.shutdown();
                }
            };
        } catch (IOException | RuntimeException e) {
            close(server);
            throw e;
        }
    }

    private static AcceptStage.Door channels(InetSocketAddress port, Door door) {
        return new AcceptStage.Door() {
            @Override
            public void accepted(SocketChannel channel) {
                try {
                    InetSocketAddress source = (InetSocketAddress) channel.getRemoteAddress();
                    door.accepted(MachineSocket.accepted(channel), source);
                } catch (IOException | RuntimeException goneOrStopping) {
                    // Whatever it is, it is about this one.
                    close(channel);
                }
            }

            @Override
            public void failed(IOException why) {
                door.failed(port, why);
            }

            @Override
            public void closed() {
                door.closed();
            }
        };
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
