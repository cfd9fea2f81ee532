package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Writes that hold a thread hold no loop. */
class CooperativeOutputStreamTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    /** Takes nothing before the door is open. */
    private static final class Sink extends OutputStream {
        final CountDownLatch door = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        volatile boolean broken;

        @Override
        public void write(int value) {
            throw new UnsupportedOperationException("one byte at a time is slow");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                door.await();
            } catch (InterruptedException e) {
                throw new AssertionError("a helper was interrupted", e);
            }
            if (broken) {
                throw new IOException("broken");
            }
            taken.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
            if (broken) {
                throw new IOException("cannot be closed");
            }
        }

        @Override
        public String toString() {
            return "sink";
        }
    }

    private final Sink sink = new Sink();
    private final CooperativeOutputStream stream = new CooperativeOutputStream(sink);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void othersRunWhileOneWrites() throws Exception {
        Weft.run(
                () -> {
                    var writer =
                            Weft.spawn(
                                    () -> {
                                        stream.write(bytes("out"));
                                        stream.flush();
                                    });
                    for (int i = 0; i < 100; i++) {
                        Weft.yieldNow();
                    }
                    assertThat(writer.isDone()).isFalse();
                    sink.door.countDown();
                    writer.get();
                    assertThat(sink.taken).hasToString("out");
                });
    }

    @Test
    void bytesOfOneCallStayTogether() throws Exception {
        Weft.run(
                () -> {
                    var writers = new ArrayList<Coroutine<?>>();
                    for (char c = 'a'; c < 'f'; c++) {
                        byte[] own = bytes(String.valueOf(c).repeat(20_000));
                        writers.add(Weft.spawn(() -> stream.write(own)));
                    }
                    Weft.yieldNow();
                    sink.door.countDown();
                    for (var writer : writers) {
                        writer.get();
                    }
                    stream.close();
                    String all = sink.taken.toString(StandardCharsets.UTF_8);
                    assertThat(all).hasSize(100_000);
                    for (int i = 0; i < 5; i++) {
                        assertThat(all.substring(i * 20_000, (i + 1) * 20_000).chars().distinct())
                                .hasSize(1);
                    }
                });
    }

    @Test
    void limitEndsAFlushAndTheHelperGoesOn() throws Exception {
        Weft.run(
                () -> {
                    stream.write(bytes("kept"));
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> flushed()))
                            .isInstanceOf(Timeout.Expired.class);
                    var killed = Weft.spawn(() -> stream.flush());
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                    sink.door.countDown();
                    stream.write(bytes(" and more"));
                    stream.close();
                    assertThat(sink.taken).hasToString("kept and more");
                });
    }

    private boolean flushed() throws IOException {
        stream.flush();
        return true;
    }

    @Test
    void failureIsToldToWhoWaitsForIt() throws Exception {
        sink.broken = true;
        sink.door.countDown();
        stream.write(bytes("lost"));
        assertThatThrownBy(stream::flush).isInstanceOf(IOException.class).hasMessage("broken");
        stream.flush(); // nothing is left
        assertThatThrownBy(stream::close)
                .isInstanceOf(IOException.class)
                .hasMessage("cannot be closed");
        assertThatThrownBy(() -> stream.write(1))
                .isInstanceOf(IOException.class)
                .hasMessage("sink is closed");
        stream.close();
    }

    @Test
    void failureOfOneWhoGaveUpIsToldToTheNext() throws Exception {
        sink.broken = true;
        Weft.run(
                () -> {
                    stream.write(bytes("lost"));
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> flushed()))
                            .isInstanceOf(Timeout.Expired.class);
                    sink.door.countDown();
                    assertThatThrownBy(stream::flush).hasMessage("broken");
                });
    }

    @Test
    void closeThatIsKilledStillEndsTheSink() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        stream.write(bytes("all of it"));
                        var closer = Weft.spawn(() -> stream.close());
                        Weft.yieldNow();
                        closer.kill();
                        closer.join();
                        assertThat(sink.closed.getCount()).isOne();
                        sink.door.countDown();
                        sink.closed.await();
                        assertThat(sink.taken).hasToString("all of it");
                    });
        }
    }

    @Test
    void whatWasWrittenMayBeUsedAgain() throws Exception {
        byte[] same = bytes("first");
        stream.write(same);
        Arrays.fill(same, (byte) 'x');
        sink.door.countDown();
        stream.close();
        assertThat(sink.taken).hasToString("first");
    }
}
