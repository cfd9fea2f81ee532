package io.weft.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.examples.Example;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.Jedis;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An ordinary blocking Redis client on one loop, against a server of the test's own. */
class RedisTest {
    private static final String SERVER = "redis-server";

    @TempDir Path folder;

    private Process server;
    private int port;

    @BeforeEach
    void startServer() throws Exception {
        assumeTrue(
                isInstalled(), SERVER + " is not installed (Debian: apt-get install redis-server)");
        try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        server =
                new ProcessBuilder(
                                SERVER,
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--save",
                                "",
                                "--appendonly",
                                "no",
                                "--dir",
                                folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile())
                        .start();
        await("redis-server").atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, SERVER).canExecute());
    }

    private boolean answers() {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stopServer() throws Exception {
        if (server != null) {
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Each of the ten is blocked in BLPOP at once, or the eleventh would never push. */
    @Test
    void tenCoroutinesOfOneLoopBlockInBlpopAndAnEleventhPushes() throws Exception {
        Weft.run(
                () -> {
                    var waiting = new ArrayList<Coroutine<String>>();
                    for (int i = 0; i < 10; i++) {
                        waiting.add(Weft.spawn(this::pop));
                    }
                    var pusher = Weft.spawn(this::pushTen);
                    var popped = new HashSet<String>();
                    for (var one : waiting) {
                        popped.add(one.get());
                    }
                    assertThat(pusher.get()).isEqualTo(10);
                    assertThat(popped).hasSize(10).contains("item 0", "item 9");
                });
    }

    @Test
    void theExamplesWorkersDoEachJobOnce(@TempDir Path classes) throws Exception {
        try (var example =
                Example.run(classes, "RedisQueue", "127.0.0.1", Integer.toString(port))) {
            assertThat(example.lines())
                    .containsExactlyInAnyOrder("done: job 1", "done: job 2", "done: job 3");
        }
    }

    private String pop() {
        try (var redis = new Jedis("127.0.0.1", port)) {
            return redis.blpop(0, "list").get(1);
        }
    }

    private int pushTen() throws Exception {
        try (var redis = new Jedis("127.0.0.1", port)) {
            while (blockedClients(redis) < 10) {
                Weft.yieldNow();
            }
            for (int i = 0; i < 10; i++) {
                redis.rpush("list", "item " + i);
            }
            return 10;
        }
    }

    private static int blockedClients(Jedis redis) {
        return redis.info("clients")
                .lines()
                .filter(line -> line.startsWith("blocked_clients:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }
}
