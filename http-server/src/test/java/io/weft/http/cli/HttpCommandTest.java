package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.Commands;
import io.weft.http.Handler;
import io.weft.http.Reply;
import io.weft.http.ReplyHandler;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.wsgi.HeaderMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** What the command says and returns when it does not come to serve. */
class HttpCommandTest {
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(output.toString())
                .startsWith("Usage: http-server ")
                .contains("--bind=ADDRESS", "--workers=N", "--worker-connections=N")
                .contains("--backlog=N", "--timeout=TIME", "--graceful-timeout=TIME")
                .contains("--keep-alive=TIME", "--limit-request-line=BYTES", "--config=FILE")
                .contains("--limit-request-fields=N", "--limit-request-field-size=BYTES")
                .contains(
                        "--proxy-protocol", "--proxy-allow-from=ADDRESSES", "fd://N", "LISTEN_FDS")
                .contains("--error-logfile=FILE", "SIGHUP", "SIGUSR1")
                .contains("--limit-request-body=BYTES", "--certfile=FILE", "--keyfile=FILE")
                .contains("--class-path=PATHS", "Default: 127.0.0.1:8000", "Exit codes:")
                .contains("--compress");
        assertThat(errors.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"', // the apostrophes are the complaints' own
            value = {
                "--colour red            | 2 | Unknown option",
                "--workers many          | 2 | Invalid value for option '--workers'",
                "--workers 0             | 2 | --workers starts at 1, but was 0",
                "--limit-request-body -1 | 2 | --limit-request-body starts at 0",
                "--certfile a.pem        | 2 | --certfile and --keyfile go together",
                "--timeout soon          | 2 | 'soon' is no duration",
                "--transport pigeon      | 2 | unknown transport 'pigeon'",
                "--config /no/such/file  | 2 | cannot read /no/such/file",
                "-b nowhere:port         | 2 | nowhere:port",
                "-b fd://2               | 2 | expected the number of a descriptor, from 3 on",
                "--error-logfile /none/x | 1 | cannot write to /none/x (--error-logfile)",
                "--access-logfile /none/x | 1 | cannot write to /none/x (--access-logfile)",
                "no.such.App             | 4 | there is no class no.such.App",
                "java.lang.String        | 4 | to be a Handler",
                "java.lang.Integer       | 4 | to have a constructor that takes nothing",
                "--class-path /none X    | 4 | there is no /none",
            })
    void complaintIsOneLine(String arguments, int code, String complaint) {
        assertThat(run(arguments.split(" "))).isEqualTo(code);
        assertThat(errors.toString().strip().lines())
                .singleElement()
                .asString()
                .contains(complaint);
        assertThat(output.toString()).isEmpty();
    }

    @Test
    void applicationThatThrowsAtItsStartHasACodeOfItsOwn() {
        assertThat(run(Throwing.class.getName())).isEqualTo(AppException.FAILED_TO_START);
        assertThat(errors.toString()).contains("failed to start: ", "no database").hasLineCount(1);
    }

    @Test
    void applicationWithAClassMissingFailsInOneLine() {
        assertThat(run(Unlinked.class.getName())).isEqualTo(AppException.FAILED_TO_START);
        assertThat(errors.toString()).contains("failed to start: ", "driver").hasLineCount(1);
    }

    @Test
    void whatAClassInitialiserSaidIsSaidInOneLine() {
        assertThat(run(Uninitialised.class.getName())).isEqualTo(AppException.FAILED_TO_START);
        assertThat(errors.toString())
                .contains("failed to start: java.lang.IllegalStateException: no key")
                .hasLineCount(1);
    }

    @Test
    void factoryOfNothingIsNoApplication() {
        assertThat(run(Barren.class.getName())).isEqualTo(AppException.NOT_LOADED);
        assertThat(errors.toString()).contains("a Callable that makes one").hasLineCount(1);
    }

    @Test
    void portInUseIsOneLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThat(run("-b", "127.0.0.1:" + taken.getLocalPort())).isEqualTo(Commands.FAILED);
            assertThat(errors.toString()).contains("address already in use").hasLineCount(1);
        }
    }

    @Test
    void configurationIsCheckedAsTheOptionsAre(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("weft.properties"), "workers = 0\n");
        assertThat(run("--config", file.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("--workers starts at 1, but was 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "help", "version", "config"})
    void unknownNameInTheConfigurationIsRefused(String name, @TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("weft.properties"), name + " = true\n");
        assertThat(run("--config=" + file)).isEqualTo(2);
        assertThat(errors.toString()).contains("there is no option " + name).hasLineCount(1);
    }

    @Test
    void commandLineGoesBeforeTheConfiguration(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("weft.properties"), "workers = 1\n");
        assertThat(run("--config=" + file, "--workers=0")).isEqualTo(2);
        assertThat(errors.toString()).contains("--workers starts at 1, but was 0");
    }

    @Test
    void applicationCanBeAnyOfTheKinds() throws Exception {
        for (Class<?> kind : List.of(Plain.class, Replying.class, Factory.class)) {
            assertThat(App.load(kind.getName(), List.of(), HeaderMap.DROP)).isNotNull();
        }
    }

    private int run(String... arguments) {
        return Commands.run(new HttpCommand(), line -> setUp(line, arguments), arguments);
    }

    private void setUp(CommandLine line, String... arguments) {
        line.setOut(new PrintWriter(output, true)).setErr(new PrintWriter(errors, true));
        ConfigFile.apply(line, arguments);
    }

    static final class Plain implements Handler {
        @Override
        public void handle(io.weft.http.Request request, io.weft.http.Response response) {}
    }

    static final class Replying implements ReplyHandler {
        @Override
        public Reply handle(io.weft.http.Request request) {
            return Reply.text("x");
        }
    }

    static final class Factory implements Callable<Handler> {
        @Override
        public Handler call() {
            return new Plain();
        }
    }

    static final class Throwing implements Callable<Handler> {
        @Override
        public Handler call() {
            throw new IllegalStateException("no database");
        }
    }

    static final class Unlinked implements Callable<Handler> {
        @Override
        public Handler call() {
            throw new NoClassDefFoundError("driver");
        }
    }

    static final class Uninitialised implements Handler {
        private static final int KEY = key();

        private static int key() {
            throw new IllegalStateException("no key\nand no lock");
        }

        @Override
        public void handle(Request request, Response response) throws IOException {
            response.send(Integer.toString(KEY));
        }
    }

    static final class Barren implements Callable<@Nullable Handler> {
        @Override
        public @Nullable Handler call() {
            return null;
        }
    }
}
