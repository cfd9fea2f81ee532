package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.util.List;

/** {@code wsgi.errors}. */
class ErrorsTest {
    @Test
    void linesGoToTheLog() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    var errors = (PrintWriter) environ.get("wsgi.errors");
                    errors.print("one ");
                    errors.print("line\nand ");
                    errors.write("another");
                    errors.flush();
                    errors.flush();
                    startResponse.start("204 No Content", Apps.NO_HEADERS);
                    return List.of();
                };
        try (var log = LogRecorder.of(Errors.class)) {
            try (var site = new Site(Wsgi.handler(application))) {
                assertThat(site.get("/").status()).isEqualTo(204);
            }
            assertThat(log.messages()).containsExactly("one line", "and another");
        }
    }

    @Test
    void lineWithoutAnEndIsLoggedInPieces() {
        try (var log = LogRecorder.of(Errors.class);
                var errors = new Errors()) {
            errors.write("x".repeat(10_000).toCharArray(), 0, 10_000);
            assertThat(log.awaitMessages(1)).hasSize(1);
            errors.flush();
            assertThat(log.messages()).extracting(String::length).containsExactly(8192, 1808);
        }
    }
}
