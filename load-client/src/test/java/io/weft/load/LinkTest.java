package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Weft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/**
 * What the two links have in common is tested by {@link LoadClientTest}; this is where they come
 * from.
 */
@EnabledOnOs(OS.LINUX) // elsewhere 127.0.0.2 has to be set up first
class LinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final InetAddress source;

    LinkTest() throws IOException {
        source = InetAddress.getByName("127.0.0.2");
    }

    @Test
    void aSocketConnectsFromTheSourceItIsGiven() throws IOException {
        try (var server = ScriptedServer.echo();
                var link = new SocketLink(server.address(), null, source, LIMIT)) {
            echo(link);

            assertThat(server.sources()).containsExactly(source);
        }
    }

    @Test
    void aCoroutineConnectsFromTheSourceItIsGiven() throws Exception {
        try (var server = ScriptedServer.echo()) {
            Weft.run(
                    () -> {
                        try (var link =
                                new CoroutineLink(
                                        new Dial(server.address(), null, source, LIMIT))) {
                            echo(link);
                        }
                    });

            assertThat(server.sources()).containsExactly(source);
        }
    }

    private static void echo(Link link) throws IOException {
        link.connect();
        link.write(new byte[] {7}, 0, 1);
        var reply = new byte[1];
        link.readFully(reply, 0, 1);
        assertThat(reply).containsExactly(7);
    }
}
