package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Coroutine;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Connections that come and go leave nothing in the process, and nothing in the log. */
class LeftoversTest {
    private static final Path FILES = Path.of("/proc/self/fd");
    private static final int MANY = 1_000;

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 3})
    void thousandConnectionsOfAllKindsLeaveNothing(int most) throws Exception {
        try (var log = LogRecorder.of(StreamServer.class);
                var uncaught = LogRecorder.of(Coroutine.class);
                var served = new Served(Served::echo, builder -> builder.maxConnections(most))) {
            assumeTrue(Files.isDirectory(FILES), "files can be counted on Linux only");
            visit(served, 0); // whatever is opened once, is now
            served.awaitConnections(0);
            int files = openFiles().size();
            int coroutines = coroutines(served);
            for (int i = 0; i < MANY; i++) {
                visit(served, i);
            }
            served.awaitConnections(0);
            await().atMost(Served.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(openFiles()).hasSizeLessThanOrEqualTo(files);
                                assertThat(coroutines(served)).isEqualTo(coroutines);
                            });
            assertThat(log.messages()).isEmpty();
            assertThat(uncaught.messages()).isEmpty();
        }
    }

    @Test
    void serversThatComeAndGoLeaveNoFile() throws Exception {
        assumeTrue(Files.isDirectory(FILES), "files can be counted on Linux only");
        serveOnce();
        int files = openFiles().size();
        for (int i = 0; i < 10; i++) {
            serveOnce();
        }
        await().atMost(Served.PATIENCE)
                .untilAsserted(() -> assertThat(openFiles()).hasSizeLessThanOrEqualTo(files));
    }

    private static void serveOnce() throws Exception {
        try (var served = new Served(Served::echo);
                var socket = served.connect()) {
            assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
        }
    }

    /** The ways to come and go, in turn. */
    private static void visit(Served served, int number) throws IOException {
        Socket socket = served.connect();
        switch (number % 5) {
            case 0 -> assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
            case 1 -> Served.reset(socket);
            case 2 -> {
                Served.send(socket, "never read");
                Served.reset(socket);
            }
            case 3 -> socket.shutdownOutput();
            default -> Served.send(socket, "and gone");
        }
        socket.close();
    }

    private static int coroutines(Served served) throws Exception {
        int count = 0;
        for (var loop : served.group.loops()) {
            Callable<Integer> ask = loop::coroutineCount;
            count += loop.call(ask);
        }
        return count;
    }

    /** What they are: a failure shows them. */
    private static List<String> openFiles() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(FILES)) {
            for (var file : files) {
                try {
                    names.add(file.getFileName() + " " + Files.readSymbolicLink(file));
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return names;
    }
}
