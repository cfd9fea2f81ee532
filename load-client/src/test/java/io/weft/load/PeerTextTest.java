package io.weft.load;

import static io.weft.load.HttpScripts.always;
import static io.weft.load.HttpScripts.ok;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whatever a server says, it cannot command the terminal, break the JSON or add to the page. */
@ParameterizedClass
@EnumSource(Mode.class)
class PeerTextTest {
    private static final String RED = "\033[31m<b>\u009b31m";

    private final HttpLoad http;

    @TempDir private Path folder;

    PeerTextTest(Mode mode) {
        this.http = new HttpLoad(mode);
    }

    @Test
    void aReasonPhraseIsShownAndNotObeyed() throws IOException {
        try (var server =
                ScriptedServer.playing(
                        always("HTTP/1.1 503 " + RED + "\r\nContent-Length: 0\r\n\r\n"))) {
            checked(http.load(server, options() + " --messages 3"), "\\u001b[31m<b>");
        }
    }

    @Test
    void whatIsNoHttpIsShownAndNotObeyed() throws IOException {
        try (var server = ScriptedServer.playing(always(RED + " " + RED + "\r\n\r\n"))) {
            checked(http.load(server, options() + " --messages 3"), "the answer is no HTTP");
        }
    }

    @Test
    void aWrongBodyIsShownAndNotObeyed() throws IOException {
        try (var server = ScriptedServer.playing(always(ok(RED)))) {
            checked(http.load(server, options() + " --messages 3 --expect-body x"), "\\x1b[31m<b>");
        }
    }

    @Test
    void anEchoIsPrintedAndNotObeyed() throws IOException {
        byte[] red = (RED + "hello 0").getBytes(StandardCharsets.UTF_8);
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            in.readNBytes(red.length);
                            out.write(red);
                        })) {
            var load =
                    Invocation.of(
                            "127.0.0.1:" + server.port(),
                            "--mode",
                            http.mode().toString(),
                            "--connections=1",
                            "--messages=1",
                            "--print",
                            "--size=" + red.length);

            assertHarmless(load.out());
            assertThat(load.out()).contains("recv server \\u001b[31m<b>\\u009b31mhello 0");
        }
    }

    private String options() {
        return "--connections 1 --json "
                + folder.resolve("it.json")
                + " --report "
                + folder.resolve("it.html");
    }

    private void checked(Invocation load, String shown) throws IOException {
        assertThat(load.exitCode()).isEqualTo(1);
        assertHarmless(load.out());
        assertThat(load.out()).contains(shown);
        String json = Files.readString(folder.resolve("it.json"));
        assertHarmless(json);
        assertThat(JSON.std.mapFrom(json)).containsEntry("good", false);
        String page = Files.readString(folder.resolve("it.html"));
        assertHarmless(page);
        assertThat(page).doesNotContain("<b>\\").doesNotContain("31m<b>");
        var compared =
                Invocation.of(
                        "compare",
                        folder.resolve("it.json").toString(),
                        "--report",
                        folder.resolve("both.html").toString());
        assertThat(compared.exitCode()).isZero();
    }

    private static void assertHarmless(String text) {
        List<Integer> obeyed =
                text.chars().filter(c -> Character.isISOControl(c) && c != '\n').boxed().toList();
        assertThat(obeyed).isEmpty();
    }
}
