package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A child that runs Weft reads its input while its loop runs on. */
class StandardStreamsTest {
    private static final int LIMIT = 1000;

    /** Two coroutines that take lines in turn, while a third one has to have turns. */
    static final class Child {
        private static final AtomicInteger TURNS = new AtomicInteger();

        private Child() {}

        public static void main(String[] args) throws Exception {
            Weft.run(
                    () -> {
                        Weft.spawn(
                                () -> {
                                    while (true) {
                                        TURNS.incrementAndGet();
                                        Weft.yieldNow();
                                    }
                                });
                        say("ready");
                        int expired = 0;
                        while (expired < 3) {
                            try {
                                Timeout.call(Duration.ofMillis(1), Child::line);
                            } catch (Timeout.Expired e) {
                                expired++;
                            }
                        }
                        StandardStreams.stdin().close(); // which is not for it to do
                        say(TURNS.get() > 0 ? "expired" : "the loop was held");
                        var other = Weft.spawn(() -> say("other " + line()));
                        say("first " + line());
                        other.get();
                        say("end " + line());
                    });
        }

        private static String line() throws IOException {
            return StandardStreams.stdin().readLine(LIMIT);
        }

        private static void say(String text) throws IOException {
            try (var out = StandardStreams.stdout()) {
                out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void inputIsReadByCoroutinesAndALimitLosesNothing() throws Exception {
        Weft.run(
                () -> {
                    try (var child =
                            Subprocess.command(ChildJvm.command(Child.class))
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .start()) {
                        assertThat(child.stdout().readLine(LIMIT)).isEqualTo("ready");
                        say(child, "half of ");
                        assertThat(child.stdout().readLine(LIMIT)).isEqualTo("expired");
                        say(child, "one\ntwo\n");
                        assertThat(
                                        new String[] {
                                            child.stdout().readLine(LIMIT),
                                            child.stdout().readLine(LIMIT)
                                        })
                                .satisfiesAnyOf(
                                        lines ->
                                                assertThat(lines)
                                                        .containsExactlyInAnyOrder(
                                                                "first half of one", "other two"),
                                        lines ->
                                                assertThat(lines)
                                                        .containsExactlyInAnyOrder(
                                                                "first two", "other half of one"));
                        child.stdin().close();
                        assertThat(child.stdout().readLine(LIMIT)).isEqualTo("end null");
                        assertThat(child.stdout().readLine(LIMIT)).isNull();
                        assertThat(child.waitFor()).isZero();
                    }
                });
    }

    private static void say(Subprocess child, String text) throws IOException {
        child.stdin().write(text.getBytes(StandardCharsets.UTF_8));
        child.stdin().flush();
    }
}
