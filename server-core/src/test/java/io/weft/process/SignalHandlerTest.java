package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@DisabledOnOs(OS.WINDOWS)
class SignalHandlerTest {
    /** WINCH, because nobody misses it in a test's JVM. */
    @Test
    void handlersRunInCoroutinesOfTheirLoop() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var seen = new LinkedBlockingQueue<String>();
            var loop = group.next();
            try (var first =
                            SignalHandler.on(
                                    "SIGWINCH", loop, () -> seen.add("1 " + Coroutine.current()));
                    var second = SignalHandler.on("WINCH", loop, () -> seen.add("2 " + loop))) {
                for (int i = 0; i < 2; i++) {
                    raise("WINCH");
                    assertThat(seen.poll(30, TimeUnit.SECONDS)).contains("'signal WINCH'");
                    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("2 " + loop);
                }
                assertThat(first).hasToString("handler of SIGWINCH on " + loop);
                assertThat(second).isNotEqualTo(first);
            }
        }
    }

    @Test
    void theHandlerMayBlock() throws Exception {
        var slept = new CompletableFuture<Boolean>();
        Weft.run(
                () -> {
                    try (var handler =
                            SignalHandler.on(
                                    "WINCH",
                                    () -> {
                                        Weft.sleep(Duration.ofMillis(1));
                                        slept.complete(true);
                                    })) {
                        raise("WINCH");
                        assertThat(Weft.await(slept)).as("%s", handler).isTrue();
                    }
                });
    }

    @Test
    void unknownSignalIsRefused() {
        assertThatThrownBy(() -> SignalHandler.on("NONE", () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SIGNONE");
    }

    /** In a process of its own, with a real kill. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "USR1"})
    void aRealSignalRunsTheCoroutine(String signal) throws Exception {
        assumeThat(ChildJvm.ignores(signal))
                .as("SIG%s was ignored when this JVM began, and so it is in its children", signal)
                .isFalse();
        try (var child = startChild(signal)) {
            var output =
                    new BufferedReader(
                            new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
            try {
                assertThat(output.readLine()).isEqualTo("ready");
                Subprocess.run("kill", "-" + signal, Long.toString(child.pid())).check();
                assertThat(output.readLine()).isEqualTo("got " + signal);
                assertThat(child.waitFor()).isZero();
            } finally {
                child.kill(); // the end of the block waits for it
            }
        }
    }

    /** When the last handler is closed the signal does what it did before: it ends the process. */
    @Test
    void closedHandlerGivesTheSignalBack() throws Exception {
        try (var child = startChild("USR1", "close")) {
            var output =
                    new BufferedReader(
                            new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo("ready");
            Subprocess.run("kill", "-USR1", Long.toString(child.pid())).check();
            assertThat(child.waitFor()).isEqualTo(128 + 10);
        }
    }

    private static Subprocess startChild(String... arguments) throws Exception {
        var command = new ArrayList<>(ChildJvm.command(Child.class));
        command.addAll(List.of(arguments));
        return Subprocess.command(command).stdout(Stdio.PIPE).start();
    }

    static final class Child {
        public static void main(String[] arguments) throws Exception {
            Weft.run(
                    () -> {
                        var caught = new CompletableFuture<String>();
                        var handler =
                                SignalHandler.on(
                                        arguments[0],
                                        () -> {
                                            Weft.sleep(Duration.ofMillis(1));
                                            caught.complete(arguments[0]);
                                        });
                        if (arguments.length > 1) {
                            handler.close();
                        }
                        System.out.println("ready");
                        System.out.println("got " + Weft.await(caught));
                    });
        }
    }

    private static void raise(String name) throws Exception {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }
}
