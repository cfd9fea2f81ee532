package io.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.Commands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the command says and returns when it does not come to serve. */
class EchoCommandTest {
    private String output = "";
    private String errors = "";

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(output)
                .startsWith("Usage: echo-server ")
                .contains(
                        "--host=HOST",
                        "--port=PORT",
                        "--loops=N",
                        "--max-connections=N",
                        "--backlog=N",
                        "--idle-timeout=TIME",
                        "--grace=TIME",
                        "--cert=FILE",
                        "--key=FILE",
                        "--transport=NAME",
                        "--verbose")
                .contains("Default: 8888", "Default: 0.0.0.0", "Default: 0s");
        assertThat(errors).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(output).matches("weft \\S+ \\(Java 2\\d\\S*\\)\\R");
        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"', // the apostrophes are the complaints' own
            value = {
                "--colour red         | Unknown options: '--colour', 'red'",
                "--port               | Missing required parameter for option '--port' (PORT)",
                "--port many          | Invalid value for option '--port': 'many' is not an int",
                "--port 65536         | --port goes from 0 to 65535, but was 65536",
                "--port -1            | --port goes from 0 to 65535, but was -1",
                "--loops 0            | --loops starts at 1, but was 0",
                "--max-connections 0  | --max-connections starts at 1, but was 0",
                "--backlog 0          | --backlog starts at 1, but was 0",
                "--idle-timeout soon  | 'soon' is no duration: expected a number with ms, s, m or"
                        + " h",
                "--idle-timeout -1s   | '-1s' is no duration",
                "--grace 1d           | '1d' is no duration",
                "--cert server.pem    | --cert and --key go together",
                "--key server.key     | --cert and --key go together",
                "--transport pigeon   | unknown transport 'pigeon'; there are epoll, io_uring",
                "localhost:8888       | Unmatched argument at index 0: 'localhost:8888'",
            })
    void wrongUsageIsOneLineAndTwo(String arguments, String complaint) {
        assertThat(run(arguments.split(" "))).isEqualTo(Commands.WRONG_USAGE);
        assertComplaint(complaint);
    }

    @Test
    void portInUseIsOneLineAndOne() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "" + other.getLocalPort();
            assertThat(run("--host", "127.0.0.1", "--port", port)).isEqualTo(Commands.FAILED);
            assertThat(errors)
                    .isEqualToNormalizingNewlines(
                            "echo-server: cannot listen on 127.0.0.1:"
                                    + port
                                    + ": address already in use\n");
        }
    }

    @Test
    void foreignAddressIsOneLineAndOne() {
        assertThat(run("--host", "192.0.2.1")).isEqualTo(Commands.FAILED);
        assertComplaint("cannot listen on 192.0.2.1:8888: this machine has no such address");
    }

    @Test
    void missingCertificateIsOneLineAndOne(@TempDir Path folder) {
        Path missing = folder.resolve("missing.pem");
        String name = missing.toString();
        assertThat(run("--cert", name, "--key", name)).isEqualTo(Commands.FAILED);
        assertComplaint("cannot read " + missing);
    }

    @Test
    void badCertificateIsOneLineAndOne(@TempDir Path folder) throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.pem"), "this is\nno certificate\n");
        String name = bad.toString();
        assertThat(run("--cert", name, "--key", name)).isEqualTo(Commands.FAILED);
        assertComplaint(name);
    }

    private void assertComplaint(String complaint) {
        assertThat(errors).startsWith("echo-server: ").contains(complaint).hasLineCount(1);
        assertThat(output).isEmpty();
    }

    private int run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Commands.run(new EchoServer(), arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            output = out.toString(StandardCharsets.UTF_8);
            errors = err.toString(StandardCharsets.UTF_8);
        }
    }
}
