package io.weft.libraries;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.sql.Connection;
import java.sql.SQLException;

/** A trial against a database in this process. */
abstract sealed class H2Trial implements GateTrial
        permits H2Test, H2TcpTest, HibernateTest, JooqTest {
    static final String URL = "jdbc:h2:mem:weft";

    private final Gate gate = new Gate();
    private Connection database;

    @BeforeEach
    void startDatabase() throws Exception {
        HeldFunction.passes(gate);
        database = HeldFunction.database(URL);
    }

    @AfterEach
    void stopDatabase() throws SQLException {
        database.close();
    }

    @Override
    public Gate gate() {
        return gate;
    }

    static String call(Connection connection, int number) throws SQLException {
        try (var statement = connection.prepareStatement("select answer(?)")) {
            statement.setInt(1, number);
            return Rows.first(statement.executeQuery());
        }
    }
}
