package io.sotto.bench.rpc;

import io.grpc.CallOptions;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSsl;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * gRPC-Java: unary calls on one channel, Netty with BoringSSL, no code that is generated and no marshalling but a copy.
 * Both ends run what they are given on Netty's own threads, which is the fastest that it can do. Source: ours.
 */
public final class GrpcEcho implements EchoSide {
    private static final MethodDescriptor<byte[], byte[]> ECHO = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bench.Echo/Echo")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final Server server;
    private final ManagedChannel channel;

    private GrpcEcho(Server server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** Starts both ends. Throws {@link IllegalStateException} where BoringSSL does not load. */
    public static GrpcEcho start(EchoKeys keys) throws Exception {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException("gRPC has no BoringSSL here", OpenSsl.unavailabilityCause());
        }
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(keys.key(), keys.certificate()))
                        .trustManager(keys.authority())
                        .clientAuth(ClientAuth.REQUIRE)
                        .protocols(EchoKeys.PROTOCOL)
                        .ciphers(List.of(EchoKeys.SUITE))
                        .build())
                .addService(ServerServiceDefinition.builder("bench.Echo")
                        .addMethod(ECHO, ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
                            observer.onNext(request);
                            observer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .directExecutor()
                .overrideAuthority(EchoKeys.NAME)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(keys.authority())
                        .keyManager(keys.key(), keys.certificate())
                        .protocols(EchoKeys.PROTOCOL)
                        .ciphers(List.of(EchoKeys.SUITE))
                        .build())
                .build();
        return new GrpcEcho(server, channel);
    }

    @Override
    public String name() {
        return "gRPC-Java";
    }

    @Override
    public void call(byte[] payload, Answer answer) {
        ClientCalls.asyncUnaryCall(channel.newCall(ECHO, CallOptions.DEFAULT), payload, new StreamObserver<byte[]>() {
            private int length = -1;

            @Override
            public void onNext(byte[] value) {
                length = value.length;
            }

            @Override
            public void onError(Throwable why) {
                answer.failed(why);
            }

            @Override
            public void onCompleted() {
                answer.answered(length);
            }
        });
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new Known(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                byte[] value = new byte[stream.available()];
                int read = stream.readNBytes(value, 0, value.length);
                if (read != value.length || stream.read() != -1) {
                    throw new IllegalStateException("a message that does not know its length");
                }
                return value;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Lets gRPC write the bytes without a buffer between. */
    private static final class Known extends ByteArrayInputStream implements KnownLength, Drainable {
        Known(byte[] value) {
            super(value);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
