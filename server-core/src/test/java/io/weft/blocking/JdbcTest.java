package io.weft.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Weft;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;

/** A database by JDBC over TCP; the server's threads are plain ones of this process. */
class JdbcTest {
    private Server server;
    private String url;

    @BeforeEach
    void startServer() throws Exception {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:weft;LOCK_TIMEOUT=60000";
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    /** One waits in the database for a row that another of the same loop has locked. */
    @Test
    void statementThatWaitsForALockParksItsCoroutine() throws Exception {
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    try (Connection one = DriverManager.getConnection(url);
                            Connection other = DriverManager.getConnection(url)) {
                        update(one, "create table account (id int primary key, amount int)");
                        update(one, "insert into account values (1, 100)");
                        one.setAutoCommit(false);
                        update(one, "update account set amount = 50 where id = 1");
                        order.add("locked");
                        var waiter =
                                Weft.spawn(
                                        () -> {
                                            update(
                                                    other,
                                                    "update account set amount = amount - 1"
                                                            + " where id = 1");
                                            order.add("updated");
                                        });
                        Weft.yieldNow();
                        Meanwhile.awaitBlocked(waiter);
                        order.add("another runs");
                        one.commit();
                        waiter.get();
                        order.add("amount " + amount(one));
                    }
                });
        assertThat(order).containsExactly("locked", "another runs", "updated", "amount 49");
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static int amount(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select amount from account")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
