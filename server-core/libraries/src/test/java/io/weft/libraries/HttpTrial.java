package io.weft.libraries;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;

/** A trial of an HTTP client; a request per call. */
abstract sealed class HttpTrial implements GateTrial
        permits ApacheHttpTest, HttpUrlConnectionTest, JdkHttpTest, OkHttpTest {
    private final Gate gate = new Gate();
    private HeldHttp server;

    @BeforeEach
    void startServer() throws IOException {
        server = new HeldHttp(gate);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    public Gate gate() {
        return gate;
    }

    String url(int number) {
        return server.url(number);
    }
}
