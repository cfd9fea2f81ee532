package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.net.LimitExceededException;
import io.weft.queue.Queue;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.TreeSet;

/** Frames over a connection, whatever becomes of who sends and receives them. */
class MessagePipeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(5);

    private interface Talk {
        void hold(Connection here, Connection there) throws Exception;
    }

    private static void between(Talk talk) throws Exception {
        var accepted = new Queue<Connection>();
        try (var server =
                StreamServer.bind(
                        "127.0.0.1:0",
                        connection -> {
                            accepted.put(connection);
                            Weft.sleep(Duration.ofDays(1));
                        })) {
            String address = "127.0.0.1:" + ((InetSocketAddress) server.address()).getPort();
            Weft.run(
                    () -> {
                        try (var here = Connection.connect(address, LONG);
                                var there = accepted.get()) {
                            talk.hold(here, there);
                        }
                    });
        }
    }

    private static byte[] filled(int length, int with) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    @Test
    void messagesComeWholeAndInOrder() throws Exception {
        int[] lengths = {0, 1, 3, 4, 5, 1000, 65_532, 65_536, 65_537, 1_000_000, 0, 7};
        between(
                (here, there) -> {
                    var left = MessagePipe.over(here);
                    var right = MessagePipe.over(there);
                    var sender =
                            Weft.spawn(
                                    () -> {
                                        for (int length : lengths) {
                                            left.send(filled(length, length));
                                        }
                                        for (int length : lengths) {
                                            assertThat(left.receiveText())
                                                    .isEqualTo("got " + length);
                                        }
                                        left.close();
                                    });
                    for (int length : lengths) {
                        assertThat(right.receive()).isEqualTo(filled(length, length));
                        right.send("got " + length);
                    }
                    assertThat(right.receive()).isNull();
                    assertThat(right.receive()).isNull();
                    sender.get();
                });
    }

    @Test
    void theFormIsThatOfPythonsMultiprocessing() throws Exception {
        between(
                (here, there) -> {
                    MessagePipe.over(here).send("abc");
                    assertThat(there.readExactly(7))
                            .isEqualTo(new byte[] {0, 0, 0, 3, 'a', 'b', 'c'});
                });
    }

    @Test
    void receiverThatGivesUpLosesNothing() throws Exception {
        between(
                (here, there) -> {
                    var right = MessagePipe.over(there);
                    var parts = new byte[][] {{0, 0}, {0, 5, 'h'}, {'e', 'l'}, {'l', 'o'}};
                    for (byte[] part : parts) {
                        assertThatThrownBy(() -> Timeout.call(SHORT, right::receive))
                                .isInstanceOf(Timeout.Expired.class)
                                .hasCauseInstanceOf(InterruptedIOException.class);
                        here.write(part);
                        here.flush();
                    }
                    assertThat(right.receiveText()).isEqualTo("hello");
                });
    }

    @Test
    void senderThatIsKilledLeavesItsRestToTheNext() throws Exception {
        between(
                (here, there) -> {
                    var left = MessagePipe.over(here, 64 << 20);
                    var right = MessagePipe.over(there, 64 << 20);
                    byte[] large = filled(32 << 20, 'x'); // more than all buffers on the way hold
                    var sender = Weft.spawn(() -> left.send(large));
                    Weft.yieldNow();
                    sender.kill();
                    sender.join();
                    assertThat(sender.state()).isEqualTo(Coroutine.State.KILLED);
                    var next = Weft.spawn(() -> left.send("next"));
                    assertThat(right.receive()).isEqualTo(large);
                    assertThat(right.receiveText()).isEqualTo("next");
                    next.get();
                });
    }

    @Test
    void manySendAndManyReceiveWholeMessages() throws Exception {
        between(
                (here, there) -> {
                    var left = MessagePipe.over(here);
                    var right = MessagePipe.over(there);
                    var senders = new ArrayList<Coroutine<?>>();
                    var receivers = new ArrayList<Coroutine<byte[]>>();
                    for (int i = 1; i <= 20; i++) {
                        int number = i;
                        receivers.add(Weft.spawn(right::receive));
                        senders.add(Weft.spawn(() -> left.send(filled(number * 10_000, number))));
                    }
                    var seen = new TreeSet<Integer>();
                    for (var receiver : receivers) {
                        byte[] message = receiver.get();
                        assertThat(message).isEqualTo(filled(message[0] * 10_000, message[0]));
                        seen.add((int) message[0]);
                    }
                    assertThat(seen).hasSize(20);
                    for (var sender : senders) {
                        sender.get();
                    }
                });
    }

    @Test
    void endInTheMiddleIsNoEnd() throws Exception {
        between(
                (here, there) -> {
                    here.write(new byte[] {0, 0, 0, 10, 1, 2, 3});
                    here.close();
                    var right = MessagePipe.over(there);
                    assertThatThrownBy(right::receive)
                            .isInstanceOf(EOFException.class)
                            .hasMessageStartingWith("expected 10 bytes of a message, but")
                            .hasMessageEndingWith("ended after 3");
                });
        between(
                (here, there) -> {
                    here.write(new byte[] {0, 0});
                    here.close();
                    assertThatThrownBy(() -> MessagePipe.over(there).receive())
                            .isInstanceOf(EOFException.class)
                            .hasMessageContaining("expected 4 bytes of a message's length")
                            .hasMessageEndingWith("ended after 2");
                });
    }

    @Test
    void messageOverTheLimitIsRefusedOnBothSides() throws Exception {
        between(
                (here, there) -> {
                    var left = MessagePipe.over(here, 10);
                    var right = MessagePipe.over(there, 9);
                    assertThatThrownBy(() -> left.send(new byte[11]))
                            .isInstanceOf(LimitExceededException.class)
                            .hasMessage(
                                    "expected a message of at most 10 bytes, but was to send one of"
                                            + " 11");
                    left.send(new byte[10]);
                    for (int i = 0; i < 2; i++) {
                        assertThatThrownBy(right::receive)
                                .isInstanceOf(LimitExceededException.class)
                                .hasMessageContaining("at most 9 bytes")
                                .hasMessageEndingWith("announced one of 10");
                    }
                });
        between(
                (here, there) -> {
                    here.write(new byte[] {-1, -1, -1, -1}); // what is longer than 2 GiB, to Python
                    assertThatThrownBy(() -> MessagePipe.over(there).receive())
                            .isInstanceOf(LimitExceededException.class)
                            .hasMessageEndingWith("announced one of 4294967295");
                });
        between(
                (here, there) ->
                        assertThatThrownBy(() -> MessagePipe.over(here, 0))
                                .isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void closeEndsTheWaitOfTheReceiver() throws Exception {
        between(
                (here, there) -> {
                    var right = MessagePipe.over(there);
                    var receiver = Weft.spawn(right::receive);
                    Weft.yieldNow();
                    right.close();
                    receiver.join();
                    assertThat(receiver.exception()).isInstanceOf(IOException.class);
                });
    }
}
