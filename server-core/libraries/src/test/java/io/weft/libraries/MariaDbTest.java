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

/** MariaDB's JDBC driver, a connection for each call, which waits for a table that is locked. */
class MariaDbTest implements Trial {
    private String url;
    private Connection holder;
    private Connection watcher;

    @BeforeEach
    void connect() throws Exception {
        String server = "jdbc:mariadb://127.0.0.1:" + Servers.mariaDb() + "/";
        try (var connection = DriverManager.getConnection(server)) {
            execute(connection, "create database if not exists weft");
        }
        url = server + "weft";
        holder = DriverManager.getConnection(url);
        watcher = DriverManager.getConnection(url);
        execute(holder, "create or replace table gate as select 1 as one");
    }

    @AfterEach
    void disconnect() throws Exception {
        if (holder != null) {
            holder.close();
            watcher.close();
        }
    }

    @Override
    public String library() {
        return "MariaDB JDBC";
    }

    @Override
    public String afterwards() {
        return "a new connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var connection = DriverManager.getConnection(url)) {
            return call(connection, number);
        }
    }

    private static String call(Connection connection, int number) throws SQLException {
        try (var statement = connection.prepareStatement("select concat('answer ', ?) from gate")) {
            statement.setInt(1, number);
            return Rows.first(statement.executeQuery());
        }
    }

    @Override
    public void shut() throws Exception {
        execute(holder, "lock tables gate write");
    }

    @Override
    public void open() throws Exception {
        execute(holder, "unlock tables");
    }

    @Override
    public int waiting() throws Exception {
        try (var statement = watcher.createStatement()) {
            return Integer.parseInt(
                    Rows.first(
                            statement.executeQuery(
                                    "select count(*) from information_schema.processlist"
                                            + " where state like 'Waiting for table%'")));
        }
    }

    @Test
    void theConnectionOfAKilledCallIsClosed() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            Weft.run(
                    () -> {
                        shut();
                        var call = Weft.spawn(() -> call(connection, 1));
                        while (waiting() == 0) {
                            Weft.yieldNow();
                        }
                        call.kill();
                        call.join();
                        assertThat(call.state()).isEqualTo(Coroutine.State.KILLED);
                        assertThat(call.exception()).isInstanceOf(SQLException.class);
                        assertThat(connection.isClosed()).isTrue();
                        open();
                    });
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
