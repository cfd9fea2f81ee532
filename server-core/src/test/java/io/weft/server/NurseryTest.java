package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Loop;
import io.weft.Nursery;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What a handler starts in a nursery ends with the handler, whatever ends that. */
class NurseryTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final AtomicInteger living = new AtomicInteger();

    private void live() throws InterruptedException {
        living.incrementAndGet();
        try {
            Weft.sleep(FOR_EVER);
        } finally {
            living.decrementAndGet();
        }
    }

    private Nursery nursery(boolean spread) {
        var nursery =
                spread
                        ? Nursery.open(Objects.requireNonNull(Loop.current()).group())
                        : Nursery.open();
        nursery.spawn(this::live);
        nursery.spawn(this::live);
        return nursery;
    }

    private void awaitLiving(int count) {
        await().atMost(Served.PATIENCE).until(() -> living.get() == count);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenEndAsTheServerStops(boolean spread) throws Exception {
        ConnectionHandler handler =
                connection -> {
                    try (var nursery = nursery(spread)) {
                        nursery.join();
                    }
                };
        try (var served = new Served(handler);
                var one = served.connect();
                var two = served.connect()) {
            awaitLiving(4);
            served.server.stop(Served.MOMENT);
            awaitLiving(0);
            assertThat(one.getInputStream().read()).isNegative();
            assertThat(two.getInputStream().read()).isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenEndWithTheirClient(boolean spread) throws Exception {
        ConnectionHandler handler =
                connection -> {
                    try (var nursery = nursery(spread)) {
                        Served.swallow(connection);
                        nursery.cancel();
                    }
                    connection.write("bye");
                };
        try (var served = new Served(handler);
                var client = served.connect()) {
            awaitLiving(2);
            client.shutdownOutput();
            assertThat(Served.receivedToTheEnd(client)).isEqualTo("bye");
            assertThat(living).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenEndWithALimitOfTheHandler(boolean spread) throws Exception {
        ConnectionHandler handler =
                connection -> {
                    String said =
                            Timeout.callOr(
                                    Served.MOMENT,
                                    "late",
                                    () -> {
                                        try (var nursery = nursery(spread)) {
                                            nursery.join();
                                        }
                                        return "not here";
                                    });
                    connection.write(said + living.get());
                };
        try (var served = new Served(handler);
                var client = served.connect()) {
            assertThat(Served.receivedToTheEnd(client)).isEqualTo("late0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatChildrenUseCanBeCut(boolean reset) throws Exception {
        try (var log = LogRecorder.of(StreamServer.class);
                var served = new Served(NurseryTest::echoBetweenChildren);
                var client = served.connect()) {
            assertThat(Served.ask(client, "hello")).isEqualTo("hello");
            if (reset) {
                Served.reset(client);
            } else {
                client.shutdownOutput();
                assertThat(client.getInputStream().read()).isNegative();
            }
            served.awaitConnections(0);
            served.server.stop(Served.LONG);
            assertThat(log.messages()).isEmpty();
        }
    }

    private static void echoBetweenChildren(Connection connection) throws Exception {
        Nursery.run(
                nursery -> {
                    nursery.spawn(() -> Served.echo(connection));
                    nursery.join();
                });
    }
}
