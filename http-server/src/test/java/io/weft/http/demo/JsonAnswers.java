package io.weft.http.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Answer;

import java.util.Map;

/** What the demo tells, as values. */
final class JsonAnswers {
    private JsonAnswers() {}

    /** The object in an answer that is good. */
    @SuppressWarnings("unchecked") // the keys of JSON are strings
    static Map<String, Object> object(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return (Map<String, Object>) Json.parse(answer.body());
    }
}
