package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Waiting for the end of a child, and bringing it about. */
@DisabledOnOs(OS.WINDOWS)
class SubprocessEndTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void runInTimeKillsTheChild() {
        var builder = Subprocess.command("sleep", "1000");
        assertThatThrownBy(() -> builder.run("", Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.02S");
    }

    @Test
    void terminateAndKillEndIt() throws Exception {
        try (var child = Subprocess.command("sleep", "1000").start()) {
            assertThat(child.isAlive()).isTrue();
            child.terminate();
            assertThat(child.waitFor()).isEqualTo(128 + 15);
        }
        try (var child = Subprocess.command("sleep", "1000").start()) {
            child.kill();
            assertThat(child.waitFor(LONG)).isTrue();
            assertThat(child.poll()).isEqualTo(128 + 9);
        }
    }

    @Test
    void killedWaiterLeavesTheChildToOthers() throws Exception {
        Weft.run(
                () -> {
                    try (var child = Subprocess.command("cat").stdin(Stdio.PIPE).start()) {
                        var killed = Weft.spawn(() -> child.waitFor());
                        var waiter = Weft.spawn(() -> child.waitFor());
                        Weft.yieldNow();
                        killed.kill();
                        killed.join();
                        assertThat(killed.state()).isEqualTo(io.weft.Coroutine.State.KILLED);
                        child.stdin().close();
                        assertThat(waiter.get()).isZero();
                    }
                });
    }

    @Test
    void closeWaitsForTheEnd() throws Exception {
        Weft.run(
                () -> {
                    var cat = Subprocess.command("cat").stdin(Stdio.PIPE).start();
                    cat.close();
                    assertThat(cat.poll()).isZero();
                });
    }

    @Test
    void closeThatIsKilledKillsTheChild() throws Exception {
        Weft.run(
                () -> {
                    var child = Subprocess.command("sleep", "1000").start();
                    var closer = Weft.spawn(child::close);
                    Weft.yieldNow();
                    closer.kill();
                    assertThat(child.waitFor()).isEqualTo(128 + 9);
                    closer.join();
                });
    }

    @Test
    void otherThreadsCanWaitToo() throws Exception {
        try (var child = Subprocess.command("cat").stdin(Stdio.PIPE).start()) {
            var code = new int[] {-1};
            Thread waiter =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            code[0] = child.waitFor();
                                        } catch (InterruptedException e) {
                                            code[0] = -2;
                                        }
                                    });
            Threads.awaitParked(waiter);
            child.stdin().close();
            waiter.join();
            assertThat(code[0]).isZero();
        }
    }
}
