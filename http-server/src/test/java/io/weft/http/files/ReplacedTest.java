package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file that another takes the place of while it is asked for. */
class ReplacedTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 60;

    @TempDir Path parent;
    private Folder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = new Folder(parent);
    }

    @Test
    void tagLengthAndBytesAreOfOneFile() throws Exception {
        folder.file("a.txt", content(0));
        var over = new AtomicBoolean();
        Map<String, String> contents = new ConcurrentHashMap<>(); // by tag
        try (var site = folder.serve();
                var threads = Executors.newFixedThreadPool(CLIENTS + 1)) {
            Future<Integer> renames = threads.submit(() -> replaceUntil(over));
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> download(site, contents)));
            }
            try {
                for (Future<?> client : clients) {
                    client.get();
                }
            } finally {
                over.set(true);
            }
            assertThat(renames.get()).isPositive();
        }
        assertThat(contents).hasSizeGreaterThan(1);
    }

    /** Every second one has the length of the one before: only the bytes tell them apart. */
    private static String content(int version) {
        return Character.toString('a' + version % 26).repeat(40_000 + version / 2 % 50);
    }

    private int replaceUntil(AtomicBoolean over) throws Exception {
        int version = 0;
        while (!over.get()) {
            Path next = Files.writeString(parent.resolve("next"), content(++version));
            Files.move(next, folder.root.resolve("a.txt"), ATOMIC_MOVE);
        }
        return version;
    }

    private static Void download(Site site, Map<String, String> contents) throws Exception {
        try (var socket = site.connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                Site.send(socket, "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
                Answer answer = Site.read(socket);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body().chars().distinct().count()).isEqualTo(1);
                String known = contents.putIfAbsent(answer.header("ETag"), answer.body());
                assertThat(known == null ? answer.body() : known).isEqualTo(answer.body());
            }
        }
        return null;
    }

    @Test
    void fileThatWasJustReplacedHasAnotherTag() throws Exception {
        var now = FileTime.from(Instant.now().plus(Duration.ofHours(1))); // young for long enough
        Callable<String> tag =
                () -> {
                    try (var site = folder.serve()) {
                        return site.get("/a.txt").header("ETag");
                    }
                };
        Files.setLastModifiedTime(folder.file("a.txt", "one"), now);
        String before = tag.call();
        Files.setLastModifiedTime(folder.secret("next", "two"), now);
        Files.move(folder.outside.resolve("next"), folder.root.resolve("a.txt"), ATOMIC_MOVE);
        assertThat(tag.call()).isNotEqualTo(before);
    }

    @Test
    void fileFromTheFutureWasChangedNow() throws Exception {
        var tomorrow = FileTime.from(Instant.now().plus(Duration.ofDays(1)));
        Files.setLastModifiedTime(folder.file("a.txt", "later"), tomorrow);
        try (var site = folder.serve()) {
            var answer = site.get("/a.txt");
            assertThat(Condition.seconds(answer.header("Last-Modified")))
                    .isLessThanOrEqualTo(Instant.now().getEpochSecond());
        }
    }

    @Test
    void fileIsClosedHoweverTheRequestEnds() throws Exception {
        folder.file("a.txt", "0123456789");
        try (var site = folder.serve()) {
            String tag = site.get("/a.txt").header("ETag");
            long before = 0;
            for (String header :
                    List.of(
                            "If-None-Match: " + tag + "\r\n",
                            "If-Match: \"other\"\r\n",
                            "Range: bytes=90-\r\n",
                            "Range: bytes=2-3\r\n",
                            "")) {
                site.get("/a.txt", header);
                site.ask("HEAD /a.txt HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
            }
            await("closing").untilAsserted(() -> assertThat(openFiles()).isEqualTo(before));
        }
    }

    /**
     * How many descriptors lead into the served directory; none is seen where there is no /proc.
     */
    private long openFiles() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        long open = 0;
        try (var all = Files.newDirectoryStream(descriptors)) {
            for (Path each : all) {
                try {
                    open += Files.readSymbolicLink(each).startsWith(folder.root) ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return open;
    }
}
