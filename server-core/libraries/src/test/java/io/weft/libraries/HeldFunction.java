package io.weft.libraries;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A function of an H2 database in this process that passes a gate; called by the database. */
public final class HeldFunction {
    private static volatile Gate gate = new Gate();

    private HeldFunction() {}

    /** What the queries call. */
    public static String answer(int number) throws InterruptedException {
        gate.pass();
        return "answer " + number;
    }

    /** From now on it passes this one. */
    static void passes(Gate other) {
        gate = other;
    }

    /** A connection that keeps the database in memory, and in it the function. */
    static Connection database(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "create alias if not exists answer for '%s.answer'"
                            .formatted(HeldFunction.class.getName()));
        }
        return connection;
    }
}
