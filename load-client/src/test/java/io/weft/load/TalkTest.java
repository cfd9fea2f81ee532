package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

class TalkTest {
    @Test
    void eachLineIsSentAndItsEchoPrinted() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var talk = Invocation.typing("hello\nwörld\n", "talk", ":" + server.port());

            assertThat(talk).isEqualTo(new Invocation(0, lines(">> hello", ">> wörld", ">> "), ""));
            assertThat(server.received()).as("without the ends of the lines").isEqualTo(5 + 6);
        }
    }

    @Test
    void aLastLineWithoutItsEndIsSentToo() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var talk = Invocation.typing("one\r\ntwo", "talk", "127.0.0.1:" + server.port());

            assertThat(talk).isEqualTo(new Invocation(0, lines(">> one", ">> two", ">> "), ""));
            assertThat(server.received()).isEqualTo(3 + 3);
        }
    }

    @Test
    void anEmptyLineAsksAgain() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var talk = Invocation.typing("\n\nhi\n", "talk", ":" + server.port());

            assertThat(talk).isEqualTo(new Invocation(0, lines(">> >> >> hi", ">> "), ""));
        }
    }

    @Test
    void anEchoInPiecesIsPrintedWhole() throws IOException {
        String line = "x".repeat(60_000); // the server reads 1024 bytes at a time
        try (var server = ScriptedServer.echo()) {
            var talk = Invocation.typing(line + "\n", "talk", ":" + server.port());

            assertThat(talk).isEqualTo(new Invocation(0, lines(">> " + line, ">> "), ""));
        }
    }

    @Test
    void anAnswerShorterThanTheLineIsPrintedToo() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            in.readNBytes(5);
                            out.write("ok".getBytes(StandardCharsets.UTF_8));
                            in.readNBytes(3);
                            out.write("bye".getBytes(StandardCharsets.UTF_8));
                        })) {
            var talk = Invocation.typing("hello\nend\n", "talk", ":" + server.port());

            assertThat(talk).isEqualTo(new Invocation(0, lines(">> ok", ">> bye", ">> "), ""));
        }
    }

    @Test
    void aServerThatClosesIsAFailure() throws IOException {
        try (var server = ScriptedServer.closingAfter(1)) {
            var talk = Invocation.typing("one\ntwo\nthree\n", "talk", ":" + server.port());

            assertThat(talk.exitCode()).isEqualTo(1);
            assertThat(talk.out()).startsWith(lines(">> one") + ">> ");
            assertThat(talk.err().lines()).hasSize(1);
        }
    }

    @Test
    void aLineTooLongForTheSocketIsRefused() throws IOException {
        try (var server = ScriptedServer.echo()) {
            var talk = Invocation.typing("x".repeat(70_000), "talk", ":" + server.port());

            assertThat(talk.exitCode()).isEqualTo(1);
            assertThat(talk.err().lines())
                    .containsExactly(
                            "load-client talk: a line is at most 65536 bytes, but more came");
        }
    }

    @Test
    void aClosedPortIsSaidInOneLine() throws IOException {
        try (var nobody = ScriptedServer.nobody()) {
            String address = "127.0.0.1:" + nobody.getLocalPort();

            var talk = Invocation.typing("hello\n", "talk", address);

            assertThat(talk.exitCode()).isEqualTo(1);
            assertThat(talk.out()).isEmpty();
            assertThat(talk.err())
                    .isEqualTo(
                            lines(
                                    "load-client talk: cannot connect to "
                                            + address
                                            + ": Connection refused"));
        }
    }

    @Test
    void whatIsNoAddressIsWrongUsage() {
        var talk = Invocation.of("talk", "unix:/run/echo");

        assertThat(talk.exitCode()).isEqualTo(2);
        assertThat(talk.err().lines()).hasSize(1).first().asString().contains("expected HOST:PORT");
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }
}
