package io.sotto.bench.rpc;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The limit of P9 and P10: Netty, the copy that gRPC brings with it so that it is no dependency of its own, over NIO and its
 * TLS handler with JSSE. The server sends back the bytes as they come; the caller knows its answers by their order and
 * length, so there are not even frames. Each end has a thread. A write that fails is told by the channel (void promise). Source: performance notes, "RPC".
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class NettyEcho implements EchoSide {
    private final EventLoopGroup clients = new NioEventLoopGroup(1);
    private final EventLoopGroup servers = new NioEventLoopGroup(1);
    private final Caller caller = new Caller();
    private final Channel channel;

    private NettyEcho(EchoKeys keys) throws InterruptedException {
        Channel server = new ServerBootstrap()
                .group(servers)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Ends(keys, false, new Mirror()))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        channel = new Bootstrap()
                .group(clients)
                .channel(NioSocketChannel.class)
                .handler(new Ends(keys, true, caller))
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    /** Starts both ends. */
    public static NettyEcho start(EchoKeys keys) throws Exception {
        var echo = new NettyEcho(keys);
        echo.channel.pipeline().get(SslHandler.class).handshakeFuture().get(10, TimeUnit.SECONDS);
        return echo;
    }

    @Override
    public String name() {
        return "Netty limit";
    }

    @Override
    public void call(byte[] payload, Answer answer) {
        if (channel.eventLoop().inEventLoop()) {
            caller.call(payload, answer);
        } else {
            channel.eventLoop().execute(() -> {
                caller.call(payload, answer);
                channel.flush();
            });
        }
    }

    @Override
    public void close() {
        clients.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        servers.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    private static final class Ends extends ChannelInitializer<SocketChannel> {
        private final EchoKeys keys;
        private final boolean client;
        private final ChannelInboundHandlerAdapter handler;

        Ends(EchoKeys keys, boolean client, ChannelInboundHandlerAdapter handler) {
            this.keys = keys;
            this.client = client;
            this.handler = handler;
        }

        @Override
        protected void initChannel(SocketChannel opened) {
            opened.config().setTcpNoDelay(true);
            opened.pipeline().addLast(new SslHandler(keys.engine(client)), handler);
        }
    }

    private static final class Mirror extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.write(bytes, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private record Sent(int length, Answer answer) {}

    /** Used on its channel's thread only. */
    private final class Caller extends ChannelInboundHandlerAdapter {
        private final ArrayDeque<Sent> sent = new ArrayDeque<>();
        private int read;

        void call(byte[] payload, Answer answer) {
            sent.add(new Sent(payload.length, answer));
            channel.write(Unpooled.wrappedBuffer(payload), channel.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            read += bytes.readableBytes();
            bytes.release();
            Sent next;
            while ((next = sent.peek()) != null && read >= next.length) {
                sent.remove();
                read -= next.length;
                next.answer.answered(next.length);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
            sent.forEach(call -> call.answer.failed(why));
            sent.clear();
        }
    }
}
