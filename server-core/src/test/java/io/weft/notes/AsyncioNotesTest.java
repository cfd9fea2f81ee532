package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Coroutines;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.VirtualTime;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.pool.Group;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Sections on asyncio, and on many requests at once over one loop and over all. */
class AsyncioNotesTest {
    private static final int REQUESTS = 100;

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();
    private StreamServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = StreamServer.builder(this::slowPage).listen("127.0.0.1:0").bind();
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /**
     * A page that comes when as many are asked for as there shall be at once: proof without a
     * clock.
     */
    private void slowPage(Connection connection) throws Exception {
        String request = connection.readLine(8192);
        for (String line; (line = connection.readLine(8192)) != null && !line.isEmpty(); ) {}
        int wanted =
                Integer.parseInt(
                        request.substring(request.indexOf('=') + 1, request.indexOf(" HTTP")));
        mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
        while (mostInside.get() < wanted) {
            sleep(Duration.ofMillis(5));
        }
        inside.decrementAndGet();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    }

    private String fetch(int together) throws Exception {
        int port = ((InetSocketAddress) server.address()).getPort();
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/?together=" + together))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void aTaskHasACallbackAndAValue() throws Exception {
        var out = new Transcript();
        VirtualTime.run(
                () -> {
                    var task = spawn(() -> "request finished");
                    task.link(done -> out.print("Callback: " + done.value()));
                    assertThat(task.get()).isEqualTo("request finished");
                    Weft.yieldNow();
                });
        assertThat(out.lines()).containsExactly("Callback: request finished");
    }

    @Test
    void gatheredTasksTakeAsLongAsTheLongest() throws Exception {
        VirtualTime.run(
                () -> {
                    long start = io.weft.Deadline.now();
                    var tasks = new ArrayList<Coroutine<Integer>>();
                    for (int seconds : List.of(1, 2, 4)) {
                        tasks.add(
                                spawn(
                                        () -> {
                                            sleep(Duration.ofSeconds(seconds));
                                            return seconds;
                                        }));
                    }
                    assertThat(Coroutines.getAll(tasks)).containsExactly(1, 2, 4);
                    assertThat(VirtualTime.seconds(start)).isEqualTo(4);
                });
    }

    @Test
    void fiveAndThenAHundredRequestsAreUnderWayTogether() throws Exception {
        Weft.run(
                () -> {
                    for (int together : List.of(5, REQUESTS)) {
                        var fetches = new ArrayList<Coroutine<String>>();
                        for (int i = 0; i < together; i++) {
                            fetches.add(spawn(() -> fetch(together)));
                        }
                        assertThat(Coroutines.getAll(fetches))
                                .hasSize(together)
                                .containsOnly("hello");
                    }
                });
    }

    @Test
    void aHundredUrlsAreSpreadOverAllLoops() throws Exception {
        Set<Loop> used = ConcurrentHashMap.newKeySet();
        try (var loops = LoopGroup.create(2)) {
            var pages =
                    Weft.run(
                            () ->
                                    Group.over(loops)
                                            .map(
                                                    IntStream.range(0, REQUESTS).boxed().toList(),
                                                    i -> {
                                                        used.add(Loop.current());
                                                        return i + " " + fetch(REQUESTS);
                                                    }));
            assertThat(pages)
                    .isEqualTo(IntStream.range(0, REQUESTS).mapToObj(i -> i + " hello").toList());
            assertThat(used).isEqualTo(Set.copyOf(loops.loops()));
        }
    }
}
