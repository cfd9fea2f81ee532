package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Requests for a part of a file (RFC 9110 section 14). */
class ByteRangeTest {
    @TempDir Path parent;
    private Site site;

    @BeforeEach
    void serve() throws Exception {
        var folder = new Folder(parent);
        folder.file("a.txt", "0123456789");
        folder.file("empty.txt", "");
        site = folder.serve();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0-0, 0, 0-0",
        "2-4, 234, 2-4",
        "7-, 789, 7-9",
        "0-, 0123456789, 0-9",
        "-3, 789, 7-9",
        "-99, 0123456789, 0-9",
        "8-99, 89, 8-9",
        "9-999999999999999999, 9, 9-9",
    })
    void partIsSent(String range, String body, String sent) throws Exception {
        var answer = site.get("/a.txt", "Range: bytes=" + range + "\r\n");
        assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 206 Partial Content");
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes " + sent + "/10");
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(body.length()));
        assertThat(answer.header("ETag")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10-", "10-12", "-0", "999999999999999999-"})
    void partThatIsNotThereCannotBeSent(String range) throws Exception {
        var answer = site.get("/a.txt", "Range: bytes=" + range + "\r\n");
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void nothingHasNoPart() throws Exception {
        assertThat(site.get("/empty.txt", "Range: bytes=0-\r\n").status()).isEqualTo(416);
        assertThat(site.get("/empty.txt").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=4-2",
                "bytes=-",
                "bytes=",
                "bytes=a-b",
                "bytes=+1-2",
                "bytes=1",
                "bytes=--1",
                "bytes=1-99999999999999999999",
                "lines=1-2",
                "1-2",
                "bytes=0-1,4-5", // several may be answered by the whole
                "bytes=0-1\r\nRange: bytes=4-5",
            })
    void otherRangesAreNotHeeded(String range) throws Exception {
        var answer = site.get("/a.txt", "Range: " + range + "\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(answer.header("Content-Range")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "206 | TAG",
                "200 | W/TAG",
                "200 | \"x\"",
                "206 | Mon, 09 Mar 2026 04:05:06 GMT",
                "200 | Tue, 10 Mar 2026 04:05:06 GMT",
                "200 | nonsense",
                "200 | Mon, 09 Mar 2026 04:05:06 GMT or any later day, whichever of them it is",
            })
    void partOfAnotherStateIsNotSent(int status, String ifRange) throws Exception {
        String tag = site.get("/a.txt").header("ETag");
        var answer =
                site.get(
                        "/a.txt",
                        "Range: bytes=0-1\r\n",
                        "If-Range: " + ifRange.replace("TAG", tag) + "\r\n");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(status == 206 ? "01" : "0123456789");
    }
}
