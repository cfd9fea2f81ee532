package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.net.DatagramEndpoint;
import io.weft.testing.LogRecorder;
import io.weft.testing.Threads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class DatagramServerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(1);

    @AfterEach
    void end() {
        group.close();
    }

    private DatagramServerBuilder builder(DatagramHandler handler) {
        return DatagramServer.builder(handler).listen("127.0.0.1:0").loop(group.next());
    }

    @Test
    void everyDatagramHasItsCoroutine() throws Exception {
        try (var server =
                        builder(
                                        datagram -> {
                                            Weft.sleep(Duration.ofMillis(1));
                                            datagram.reply("echo " + datagram.text());
                                        })
                                .bind();
                var client = DatagramEndpoint.connect(server.address())) {
            var answers = new HashSet<String>();
            for (int i = 0; i < 10; i++) {
                client.send("n" + i);
            }
            for (int i = 0; i < 10; i++) {
                answers.add(client.receive(LONG).text());
            }
            assertThat(answers).hasSize(10).contains("echo n0", "echo n9");
        }
    }

    @Test
    void fullServerReceivesNoMore() throws Exception {
        var entered = new LinkedBlockingQueue<String>();
        var release = new CountDownLatch(1);
        try (var server =
                        builder(
                                        datagram -> {
                                            entered.add(datagram.text());
                                            release.await();
                                        })
                                .maxHandlers(2)
                                .bind();
                var client = DatagramEndpoint.connect(server.address())) {
            for (int i = 0; i < 5; i++) {
                client.send("n" + i);
            }
            assertThat(entered.poll(30, TimeUnit.SECONDS)).isEqualTo("n0");
            assertThat(entered.poll(30, TimeUnit.SECONDS)).isEqualTo("n1");
            await().atMost(LONG).until(() -> server.endpoint().statistics().size() == 3);
            assertThat(server.handlerCount()).isEqualTo(2);
            assertThat(entered).isEmpty();
            release.countDown();
            for (int i = 2; i < 5; i++) {
                assertThat(entered.poll(30, TimeUnit.SECONDS)).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void failingHandlerIsReportedOnceAndTheServerGoesOn() throws Exception {
        try (var log = LogRecorder.of(DatagramServer.class);
                var server =
                        builder(
                                        datagram -> {
                                            if (datagram.text().equals("bad")) {
                                                throw new IllegalStateException("no good");
                                            }
                                            datagram.reply("good");
                                        })
                                .bind();
                var client = DatagramEndpoint.connect(server.address())) {
            client.send("bad");
            client.send("fine");
            assertThat(client.receive(LONG).text()).isEqualTo("good");
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("no good");
        }
    }

    @Test
    void stopWaitsForHandlersWhichCanStillReply() throws Exception {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var client = DatagramEndpoint.bind("127.0.0.1:0")) {
            var server =
                    builder(
                                    datagram -> {
                                        entered.countDown();
                                        release.await();
                                        datagram.reply("late");
                                    })
                            .bind();
            client.send("n", server.address());
            entered.await();
            Thread stopper = Thread.ofPlatform().start(() -> stop(server));
            io.weft.testing.Threads.awaitParked(stopper);
            release.countDown();
            assertThat(client.receive(LONG).text()).isEqualTo("late");
            stopper.join();
            server.serveForever();
            assertThat(server.handlerCount()).isZero();
            server.close();
        }
    }

    private static void stop(DatagramServer server) {
        try {
            assertThat(server.stop(LONG)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stopKillsWhoDoesNotEnd() throws Exception {
        var entered = new CountDownLatch(1);
        var killed = new CountDownLatch(1);
        var server =
                builder(
                                datagram -> {
                                    try {
                                        entered.countDown();
                                        Weft.sleep(Duration.ofDays(1));
                                    } catch (InterruptedException e) {
                                        killed.countDown();
                                        throw e;
                                    }
                                })
                        .bind();
        try (var client = DatagramEndpoint.connect(server.address())) {
            client.send("n");
            entered.await();
            assertThat(server.stop(Duration.ofMillis(10))).isFalse();
            assertThat(killed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void portInUseIsSaid() throws Exception {
        try (var server = builder(datagram -> {}).bind()) {
            assertThatThrownBy(
                            () ->
                                    DatagramServer.builder(datagram -> {})
                                            .listen(server.address())
                                            .bind())
                    .isInstanceOf(java.net.BindException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> builder(datagram -> {}).maxHandlers(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DatagramServer.builder(datagram -> {}).bind())
                .isInstanceOf(IllegalStateException.class);
    }

    /** Two of them, even: none waits for itself, nor for who waits for it. */
    @Test
    void handlersMayStopTheirServer() throws Exception {
        var server = new CompletableFuture<DatagramServer>();
        var both = new CountDownLatch(2);
        var stopped = new LinkedBlockingQueue<Boolean>();
        server.complete(
                builder(
                                _ -> {
                                    both.countDown();
                                    both.await();
                                    stopped.add(server.get().stop(LONG));
                                })
                        .bind());
        try (var client = DatagramEndpoint.connect(server.get().address())) {
            client.send("one");
            client.send("two");
            assertThat(stopped.poll(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stopped.poll(30, TimeUnit.SECONDS)).isTrue();
            server.get().serveForever();
        }
    }

    @Test
    void stopThatIsInterruptedIsTheEndAllTheSame() throws Exception {
        var entered = new CountDownLatch(1);
        try (var server =
                        builder(
                                        _ -> {
                                            entered.countDown();
                                            Weft.sleep(Duration.ofDays(1));
                                        })
                                .bind();
                var client = DatagramEndpoint.connect(server.address())) {
            client.send("one");
            entered.await();
            var stopper = group.next().spawn(() -> server.stop(LONG));
            Threads.awaitParked(stopper);
            stopper.kill();
            stopper.join();
            server.serveForever();
            await().atMost(LONG).until(() -> server.handlerCount() == 0);
        }
    }
}
