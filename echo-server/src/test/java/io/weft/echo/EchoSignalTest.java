package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.ConnectException;
import java.nio.file.Path;

/** How SIGTERM ends it. */
class EchoSignalTest {
    /** So long that a test which waits for its end fails. */
    private static final String LONG = "10m";

    @TempDir private Path folder;

    @Test
    void withoutConnectionsItEndsAtOnce() throws Exception {
        try (var server = EchoProcess.start(folder, "--grace", LONG)) {
            server.terminate();
            assertThat(server.exitCode()).isZero();
            EchoServerTest.assertQuiet(server);
        }
    }

    @Test
    void busyConnectionMayEndWithinTheGrace() throws Exception {
        try (var server = EchoProcess.start(folder, "--grace", LONG);
                var socket = server.connect()) {
            EchoProcess.assertEchoes(socket, "before");
            server.terminate();
            awaitNoListener(server);
            for (int i = 0; i < 100; i++) {
                EchoProcess.assertEchoes(socket, "still talking " + i);
            }
            assertThat(server.process.isAlive()).isTrue();
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(server.exitCode()).isZero();
            EchoServerTest.assertQuiet(server);
        }
    }

    @Test
    void idleConnectionIsCutAfterTheGrace() throws Exception {
        try (var server = EchoProcess.start(folder, "--grace", "200ms");
                var socket = server.connect()) {
            EchoProcess.assertEchoes(socket, "hello");
            server.terminate();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(server.exitCode()).isZero();
            EchoServerTest.assertQuiet(server);
        }
    }

    @Test
    void secondSignalEndsItAtOnce() throws Exception {
        try (var server = EchoProcess.start(folder, "--grace", LONG);
                var socket = server.connect()) {
            EchoProcess.assertEchoes(socket, "hello");
            server.terminate();
            awaitNoListener(server);
            assertThat(server.process.isAlive()).isTrue();
            await("its end") // the same signal right after the first one is no second
                    .atMost(EchoProcess.PATIENCE)
                    .until(
                            () -> {
                                server.terminate();
                                return !server.process.isAlive();
                            });
            assertThat(server.exitCode()).isEqualTo(128 + 15);
            EchoServerTest.assertQuiet(server);
        }
    }

    private static void awaitNoListener(EchoProcess server) {
        await("a listener that is closed")
                .atMost(EchoProcess.PATIENCE)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> server.connect().close())
                                        .isInstanceOf(ConnectException.class));
    }
}
