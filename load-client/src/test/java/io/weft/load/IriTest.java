package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class IriTest {
    @ParameterizedTest
    @CsvSource({
        "http://h/ö, http://h/%C3%B6",
        "http://h/a%20b?x=y, http://h/a%20b?x=y",
        "http://h?q=ö&r=日, http://h?q=%C3%B6&r=%E6%97%A5",
        "http://h/😀, http://h/%F0%9F%98%80",
        "http://h/o\u0308, http://h/o%CC%88", // as typed, not composed
        "https://bücher.example:8443/ö, https://xn--bcher-kva.example:8443/%C3%B6",
        "ws://例え.テスト/, ws://xn--r8jz45g.xn--zckzah/",
        "http://me@ö/, http://me@xn--nda/",
        "http://[::1]:80/ö, http://[::1]:80/%C3%B6"
    })
    void lettersOfAllLanguagesAreSentAsTheStandardsHaveIt(String iri, String uri) {
        assertThat(Iri.toUri(iri)).isEqualTo(uri);
    }

    @Test
    void everyCharacterIsSentInUtf8() {
        String all =
                IntStream.rangeClosed(0x80, Character.MAX_CODE_POINT)
                        .filter(c -> Character.getType(c) != Character.SURROGATE)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());

        String uri = Iri.toUri("http://h/" + all);

        assertThat(uri.chars().allMatch(c -> c > ' ' && c < 0x7f)).isTrue();
        assertThat(URLDecoder.decode(uri.substring(9), StandardCharsets.UTF_8).equals(all))
                .isTrue();
    }

    @Test
    void halfACharacterIsNoTarget() {
        assertThatThrownBy(() -> Iri.toUri("http://h/\ud83d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected whole characters");
    }

    @Test
    void aHostThatCanBeNoneIsNoTarget() {
        assertThatThrownBy(() -> Target.parse("http://" + "ö".repeat(100) + "/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a host name");
    }
}
