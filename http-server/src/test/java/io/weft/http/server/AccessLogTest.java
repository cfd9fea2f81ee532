package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The file of an access log. */
class AccessLogTest {
    private static final LogFormat PATH = LogFormat.of("%(m)s %(U)s %(s)s");

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("access.log");
    }

    private static Site site(AccessLog log) throws IOException {
        return new Site((request, response) -> response.send("x"), builder -> builder.log(log));
    }

    @Test
    void everyRequestHasItsLine() throws Exception {
        Files.writeString(file(), "before\n");
        try (var log = AccessLog.to(file(), PATH);
                var site = site(log);
                var socket = site.connect()) {
            for (int i = 0; i < 3; i++) {
                Site.send(socket, "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(Site.read(socket).status()).isEqualTo(200);
            }
        }
        assertThat(file()).hasContent("before\nGET /0 200\nGET /1 200\nGET /2 200\n");
    }

    @Test
    void linesAreWrittenByThemselves() throws Exception {
        try (var log = AccessLog.to(file(), PATH);
                var site = site(log)) {
            site.get("/soon");
            await().atMost(Site.PATIENCE)
                    .untilAsserted(() -> assertThat(file()).hasContent("GET /soon 200\n"));
        }
    }

    @Test
    void reopenedFileGetsWhatComesNext() throws Exception {
        Path old = folder.resolve("access.log.1");
        try (var log = AccessLog.to(file(), PATH)) {
            try (var site = site(log)) {
                site.get("/one");
            }
            Files.move(file(), old);
            log.reopen();
            assertThat(old).hasContent("GET /one 200\n");
            assertThat(file()).isEmptyFile();
            try (var site = site(log)) {
                site.get("/two");
            }
            log.flush();
            assertThat(file()).hasContent("GET /two 200\n");
            assertThat(old).hasContent("GET /one 200\n");
        }
    }

    @Test
    void fileThatCannotBeReopenedStaysInUse() throws Exception {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Path away = folder.resolve("away");
        try (var log = AccessLog.to(sub.resolve("access.log"), PATH)) {
            Files.move(sub, away);
            assertThatThrownBy(log::reopen).isInstanceOf(IOException.class);
            try (var site = site(log)) {
                site.get("/still");
            }
        }
        assertThat(away.resolve("access.log")).hasContent("GET /still 200\n");
    }

    @Test
    void fileThatCannotBeOpenedIsRefused() {
        assertThatThrownBy(() -> AccessLog.to(folder.resolve("none/access.log"), PATH))
                .isInstanceOf(IOException.class);
    }

    @Test
    void closedLogIsSilent() throws Exception {
        var log = AccessLog.to(file(), PATH);
        log.close();
        log.close();
        try (var site = site(log)) {
            assertThat(site.get("/late").status()).isEqualTo(200);
        }
        log.reopen();
        assertThat(file()).isEmptyFile();
    }

    @Test
    void fullDiskIsToldOnceAndTheServerGoesOn() throws Exception {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
        try (var recorder = LogRecorder.of(LogFile.class);
                var log = AccessLog.to(full, PATH);
                var site = site(log)) {
            for (int i = 0; i < 3; i++) {
                assertThat(site.get("/").status()).isEqualTo(200);
                log.flush();
            }
            assertThat(recorder.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("cannot write to /dev/full");
        }
    }

    @Test
    void linesOfSeveralThreadsStayWholeAndNoneIsLost() throws Exception {
        int each = 20_000;
        String rest = "x".repeat(100); // together more than may be pending
        try (var log = new LogFile(file())) {
            List<Thread> threads =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    number ->
                                            Thread.ofVirtual()
                                                    .start(
                                                            () -> {
                                                                for (int i = 0; i < each; i++) {
                                                                    log.append(
                                                                            number + " " + i
                                                                                    + rest);
                                                                }
                                                            }))
                            .toList();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<String> lines = Files.readAllLines(file());
        for (int number = 0; number < 4; number++) {
            String start = number + " ";
            List<String> expected =
                    IntStream.range(0, each).mapToObj(i -> start + i + rest).toList();
            assertThat(lines.stream().filter(line -> line.startsWith(start)).toList())
                    .isEqualTo(expected);
        }
        assertThat(lines).hasSize(4 * each);
    }
}
