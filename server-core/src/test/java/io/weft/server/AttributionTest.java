package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.net.DatagramEndpoint;
import io.weft.process.SignalHandler;
import io.weft.testing.Broken;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.SocketException;
import java.time.Duration;

/** Each failure of user code is told of once, as an error, and harms nobody else. */
class AttributionTest {
    private final LogRecorder log = LogRecorder.ofEverything();

    @AfterEach
    void restoreLog() {
        log.close();
    }

    private void assertToldOf(String what) {
        assertThat(log.awaitMessages(1)).hasSize(1);
        assertThat(log.lines().getFirst()).startsWith("ERROR ").contains(what);
    }

    @ParameterizedTest
    @EnumSource
    void ofAHandler(Broken broken) throws Exception {
        try (var served = new Served(connection -> broken.fail());
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEmpty();
            served.awaitConnections(0);
            assertToldOf("connection");
        }
        assertThat(log.messages()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void ofACoroutineOfAHandlers(Broken broken) throws Exception {
        try (var served =
                        new Served(
                                connection -> {
                                    Weft.spawn(broken::fail).join();
                                    connection.write("done");
                                });
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo("done");
            assertToldOf("coroutine-");
        }
        assertThat(log.messages()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void ofACodec(Broken broken) throws Exception {
        try (var served =
                        new Served(
                                Served::echo,
                                builder -> builder.codec(connection -> broken.fail()));
                var socket = served.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            served.awaitConnections(0);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN cannot begin connection ");
    }

    @ParameterizedTest
    @EnumSource
    void ofADatagramsHandler(Broken broken) throws Exception {
        try (var group = LoopGroup.create(1);
                var server =
                        DatagramServer.builder(
                                        datagram -> {
                                            if (datagram.text().equals("fail")) {
                                                broken.fail();
                                            }
                                            datagram.reply("done");
                                        })
                                .listen("127.0.0.1:0")
                                .loop(group.next())
                                .bind()) {
            String answer =
                    group.next()
                            .call(
                                    () -> {
                                        try (var client =
                                                DatagramEndpoint.connect(server.address())) {
                                            client.send("fail");
                                            client.send("go on");
                                            return client.receive().text();
                                        }
                                    });
            assertThat(answer).isEqualTo("done");
            assertToldOf("4 bytes from 127.0.0.1:");
        }
        assertThat(log.messages()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void ofASignalsHandler(Broken broken) throws Exception {
        try (var group = LoopGroup.create(1);
                var _ = SignalHandler.on("USR2", group.next(), broken::fail)) {
            long pid = ProcessHandle.current().pid();
            new ProcessBuilder("kill", "-USR2", Long.toString(pid)).start().waitFor();
            assertToldOf("'signal USR2'");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> group.next().call(group.next()::coroutines).size() == 1);
        }
        assertThat(log.messages()).hasSize(1);
    }
}
