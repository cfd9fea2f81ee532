package io.weft.libraries;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database whose answers wait for a lock. */
final class PostgresPeer implements AutoCloseable {
    private final String url =
            "jdbc:postgresql://127.0.0.1:" + Servers.postgres() + "/postgres?user=postgres";
    private final Connection holder = DriverManager.getConnection(url);
    private boolean isShut;

    PostgresPeer() throws Exception {}

    String url() {
        return url;
    }

    static String call(Connection connection, int number) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "select 'answer ' || ?::int, pg_advisory_xact_lock_shared(1)")) {
            statement.setInt(1, number);
            return Rows.first(statement.executeQuery());
        }
    }

    void shut() throws SQLException {
        try (var statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(1)");
        }
        isShut = true;
    }

    void open() throws SQLException {
        if (!isShut) return;
        isShut = false;
        try (var statement = holder.createStatement()) {
            statement.execute("select pg_advisory_unlock(1)");
        }
    }

    int waiting() throws SQLException {
        try (var statement = holder.createStatement()) {
            return Integer.parseInt(
                    Rows.first(
                            statement.executeQuery(
                                    "select count(*) from pg_locks"
                                            + " where locktype = 'advisory' and not granted")));
        }
    }

    @Override
    public void close() throws SQLException {
        holder.close();
    }
}
