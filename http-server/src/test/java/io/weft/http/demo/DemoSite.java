package io.weft.http.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Raw;
import io.weft.http.testing.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.Map;

/** The demo, served for each test, and a client that asks it. */
abstract class DemoSite {
    Raw raw;

    @BeforeEach
    void serve() throws Exception {
        raw = new Raw(Demo.handler());
    }

    @AfterEach
    void end() throws Exception {
        raw.close();
    }

    /** The object in an answer that is good. */
    @SuppressWarnings("unchecked") // the keys of JSON are strings
    static Map<String, Object> object(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return (Map<String, Object>) Json.parse(answer.body());
    }
}
