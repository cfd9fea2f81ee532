package io.weft.libraries;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A blocking call of gRPC. */
class GrpcTest implements GateTrial {
    private static final Marshaller<String> TEXT =
            new Marshaller<>() {
                @Override
                public InputStream stream(String value) {
                    return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public String parse(InputStream stream) {
                    try {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private static final MethodDescriptor<String, String> ANSWER =
            MethodDescriptor.newBuilder(TEXT, TEXT)
                    .setType(MethodType.UNARY)
                    .setFullMethodName("weft.Trial/Answer")
                    .build();

    private final Gate gate = new Gate();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void startServer() throws Exception {
        var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        server =
                NettyServerBuilder.forAddress(address)
                        .executor(threads)
                        .addService(
                                ServerServiceDefinition.builder("weft.Trial")
                                        .addMethod(ANSWER, ServerCalls.asyncUnaryCall(this::answer))
                                        .build())
                        .build()
                        .start();
        channel =
                NettyChannelBuilder.forAddress(
                                new InetSocketAddress(address.getAddress(), server.getPort()))
                        .usePlaintext()
                        .build();
    }

    private void answer(String number, StreamObserver<String> observer) {
        try {
            gate.pass();
            observer.onNext("answer " + number);
            observer.onCompleted();
        } catch (InterruptedException e) {
            observer.onError(e);
        }
    }

    @AfterEach
    void stopServer() throws Exception {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        threads.shutdownNow();
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public String library() {
        return "gRPC, blocking stub";
    }

    @Override
    public String afterwards() {
        return "the same channel";
    }

    @Override
    public String call(int number) {
        return ClientCalls.blockingUnaryCall(
                channel, ANSWER, CallOptions.DEFAULT, Integer.toString(number));
    }
}
