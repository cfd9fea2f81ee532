package io.weft.http.compression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The client's choice by RFC 9110 section 12.5.3, and the server's among equals. */
class AcceptEncodingTest {
    private static final List<ContentCoding> ALL = List.of(ContentCoding.values());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "gzip                              | GZIP",
                "GZip                              | GZIP",
                "x-gzip                            | GZIP",
                "deflate                           | DEFLATE",
                "gzip, deflate, br, zstd           | BROTLI",
                "gzip, deflate, zstd               | ZSTD",
                "deflate, gzip                     | GZIP",
                "gzip;q=0.5, deflate;q=0.501       | DEFLATE",
                "gzip ; q=0.8 , br ; q=0.2         | GZIP",
                "br;q=0, gzip                      | GZIP",
                "br;q=0.000, zstd;q=0, gzip;q=0.1  | GZIP",
                "*                                 | BROTLI",
                "*;q=0.1, gzip;q=0.2               | GZIP",
                "br;q=0, *                         | ZSTD",
                "*;q=0                             | -",
                "gzip;q=0                          | -",
                "identity                          | -",
                "identity, gzip;q=0.5              | -",
                "identity;q=0.5, gzip;q=0.5        | GZIP",
                "identity;q=0.5, gzip              | GZIP",
                "compress                          | -",
                "''                                | -",
                "gzip;q=2                          | -",
                "gzip;q=-1                         | -",
                "gzip;q=1.001                      | -",
                "gzip;q=NaN                        | -",
                "gzip;level=9                      | -",
                ",;,=,gzip                         | GZIP",
            })
    void bestIsChosen(String field, ContentCoding expected) {
        assertThat(AcceptEncoding.choose(List.of(field), ALL)).isEqualTo(expected);
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(AcceptEncoding.choose(List.of("gzip;q=0.1", "deflate"), ALL))
                .isEqualTo(ContentCoding.DEFLATE);
    }

    @Test
    void whoSaysNothingGetsNothing() {
        assertThat(AcceptEncoding.choose(List.of(), ALL)).isNull();
    }

    @Test
    void whatIsNotAvailableIsNotChosen() {
        assertThat(AcceptEncoding.choose(List.of("br, deflate"), List.of(ContentCoding.DEFLATE)))
                .isEqualTo(ContentCoding.DEFLATE);
    }
}
