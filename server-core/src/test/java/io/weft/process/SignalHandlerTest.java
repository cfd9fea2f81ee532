package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.Coroutine;
import io.weft.LoopGroup;
import io.weft.Weft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        assumeThat(isIgnored(signal))
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

    /** As a shell does with INT for what it starts in the background, and nohup with HUP. */
    private static boolean isIgnored(String signal) throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        Class<?> type = Class.forName("sun.misc.Signal");
        Object number =
                type.getMethod("getNumber")
                        .invoke(type.getConstructor(String.class).newInstance(signal));
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(ignored -> (ignored >> ((int) number - 1) & 1) == 1);
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
        var command = new java.util.ArrayList<>(io.weft.testing.ChildJvm.command(Child.class));
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
