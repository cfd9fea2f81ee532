package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.testing.Backlog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * How many connections wait in the kernel while nobody accepts. It takes one more than its limit.
 */
@EnabledOnOs(OS.LINUX)
class BacklogTest {
    private static final Path LIMIT = Path.of("/proc/sys/net/core/somaxconn");

    /** More than there is room for. */
    private static final int MORE = 10;

    @Test
    void as1024ByDefault() throws Exception {
        // not readString(): the kernel gives such a file in one piece, or its first byte alone
        int most = Integer.parseInt(Files.readAllLines(LIMIT).getFirst());
        assumeTrue(
                most >= 1024, "the system allows no more than " + most + ", as " + LIMIT + " says");
        assertThat(waitingWithBacklog(1024, builder -> builder)).isEqualTo(1024 + 1);
    }

    @Test
    void asManyAsTheServerWasTold() throws Exception {
        assertThat(waitingWithBacklog(5, builder -> builder.backlog(5))).isEqualTo(5 + 1);
    }

    private static int waitingWithBacklog(int backlog, UnaryOperator<ServerBuilder> settings)
            throws Exception {
        try (var served = new Served(Served::swallow, settings)) {
            served.server.stopAccepting();
            MaxConnectionsTest.settle(served);
            return Backlog.fill(Served.port(served.server), backlog + 1 + MORE);
        }
    }
}
