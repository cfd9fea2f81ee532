package io.weft.libraries;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.sql.DriverManager;

/** H2 by TCP, a connection for each call. */
final class H2TcpTest extends H2Trial {
    private Server server;

    @BeforeEach
    void startServer() throws Exception {
        server = Server.createTcpServer("-tcpPort", "0").start();
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    @Override
    public String library() {
        return "H2, by TCP";
    }

    @Override
    public String afterwards() {
        return "a new connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var connection = DriverManager.getConnection(url())) {
            return call(connection, number);
        }
    }

    private String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:weft";
    }
}
