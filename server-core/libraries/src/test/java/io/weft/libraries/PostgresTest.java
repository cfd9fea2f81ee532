package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** PostgreSQL's JDBC driver, a connection for each call. */
class PostgresTest implements Trial {
    private PostgresPeer peer;

    @BeforeEach
    void startPeer() throws Exception {
        peer = new PostgresPeer();
    }

    @AfterEach
    void stopPeer() throws Exception {
        if (peer != null) peer.close();
    }

    @Override
    public String library() {
        return "PostgreSQL JDBC";
    }

    @Override
    public String afterwards() {
        return "a new connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var connection = DriverManager.getConnection(peer.url())) {
            return PostgresPeer.call(connection, number);
        }
    }

    @Override
    public void shut() throws Exception {
        peer.shut();
    }

    @Override
    public void open() throws Exception {
        peer.open();
    }

    @Override
    public int waiting() throws Exception {
        return peer.waiting();
    }

    /** The JDK closes a java.net socket whose reader it interrupts, and the driver follows. */
    @Test
    void theConnectionOfAKilledCallIsClosed() throws Exception {
        try (Connection connection = DriverManager.getConnection(peer.url())) {
            Weft.run(
                    () -> {
                        shut();
                        var call = Weft.spawn(() -> PostgresPeer.call(connection, 1));
                        while (waiting() == 0) {
                            Weft.yieldNow();
                        }
                        call.kill();
                        call.join();
                        assertThat(call.state()).isEqualTo(Coroutine.State.KILLED);
                        assertThat(call.exception()).isInstanceOf(SQLException.class);
                        assertThat(connection.isClosed()).isTrue();
                    });
        }
    }
}
