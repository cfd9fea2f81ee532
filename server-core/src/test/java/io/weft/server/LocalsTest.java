package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.net.DatagramEndpoint;
import io.weft.pool.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What handlers see of who has made their server. */
class LocalsTest {
    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new ClassLoader(before) {};

    @BeforeEach
    void beAnn() {
        USER.set("ann");
        Thread.currentThread().setContextClassLoader(application);
    }

    @AfterEach
    void beNobody() {
        USER.remove();
        Thread.currentThread().setContextClassLoader(before);
    }

    private String seen() throws Exception {
        return user() + " " + Weft.spawn(this::user).get();
    }

    private String user() {
        boolean own = Thread.currentThread().getContextClassLoader() == application;
        return USER.get() + (own ? " with the application's classes" : " without classes");
    }

    private static final String NOBODY =
            "null with the application's classes null with the application's classes";

    @Test
    void handlersHaveTheMakersClassesAndNothingElse() throws Exception {
        try (var served = new Served(connection -> connection.write(seen()));
                var socket = served.connect()) {
            assertThat(Served.receivedToTheEnd(socket)).isEqualTo(NOBODY);
        }
    }

    /** Also those for whom somebody's handler makes room. */
    @Test
    void handlersInAPoolToo() throws Exception {
        try (var group = LoopGroup.create(1);
                var server =
                        StreamServer.builder(
                                        connection -> {
                                            connection.write(seen());
                                            USER.set("bob");
                                            connection.readExactly(1);
                                        })
                                .listen("127.0.0.1:0")
                                .group(group)
                                .pool(new Pool(1))
                                .bind()) {
            for (int i = 0; i < 3; i++) {
                try (var socket =
                        Served.connect(((InetSocketAddress) server.address()).getPort())) {
                    assertThat(
                                    new String(
                                            socket.getInputStream().readNBytes(NOBODY.length()),
                                            StandardCharsets.UTF_8))
                            .isEqualTo(NOBODY);
                }
            }
        }
    }

    @Test
    void handlersOfDatagramsToo() throws Exception {
        try (var server =
                        DatagramServer.bind(
                                "127.0.0.1:0",
                                datagram ->
                                        datagram.reply(seen().getBytes(StandardCharsets.UTF_8)));
                var client = DatagramEndpoint.connect(server.address())) {
            client.send("who?".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(client.receive().bytes(), StandardCharsets.UTF_8))
                    .isEqualTo(NOBODY);
        }
    }
}
