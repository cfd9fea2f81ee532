package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.http.Raw;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** HUP and USR1, sent to the command. */
class SignalsTest {
    private static final String REQUEST = "GET /status/204 HTTP/1.0\r\n\r\n";

    @TempDir private Path folder;

    @Test
    void hupReadsTheConfigurationAgain() throws Exception {
        assumeHupIsNotIgnored();
        Path access = folder.resolve("access");
        Path config = config("access-logformat = %(U)s", "access-logfile = " + access);
        try (var server = HttpProcess.start(folder, "--config", config.toString())) {
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            config(
                    "access-logformat = %(m)s %(U)s",
                    "access-logfile = " + access,
                    "limit-request-line = 16",
                    "workers = 7",
                    "backlog = 9");
            hup(server, "configuration reloaded");
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 414 ");
            assertThat(server.ask("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(server.errors().stream().filter(line -> line.contains("anew")))
                    .singleElement()
                    .asString()
                    .endsWith("these take effect when the server starts anew: [--backlog]");
            assertThat(server.stop()).isZero();
        }
        assertThat(access).hasContent("/status/204\n- -\nGET /\n");
    }

    /** picocli has files of arguments; one of those may name the configuration. */
    @Test
    void configurationMayBeNamedInAFileOfArguments() throws Exception {
        assumeHupIsNotIgnored();
        Path config = config("limit-request-line = 16");
        Path arguments = folder.resolve("arguments");
        Files.writeString(arguments, "--config " + config + "\n");
        try (var server = HttpProcess.start(folder, "@" + arguments)) {
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 414 ");
            config("limit-request-line = 1000");
            hup(server, "configuration reloaded");
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
        }
    }

    /**
     * gunicorn's signals for more and fewer workers, which stop a process that does not know them.
     */
    @Test
    void signalsForMoreAndFewerWorkersDoNothing() throws Exception {
        try (var server = HttpProcess.start(folder)) {
            for (String name : List.of("TTIN", "TTOU")) {
                server.signal(name);
                assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            }
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void wrongConfigurationChangesNothing() throws Exception {
        assumeHupIsNotIgnored();
        Path config = config("limit-request-line = 1000");
        try (var server = HttpProcess.start(folder, "--config", config.toString())) {
            config("limit-request-line = none");
            hup(server, "nothing was reloaded: Invalid value for option '--limit-request-line'");
            config("limit-request-line = 0");
            hup(server, "nothing was reloaded: --limit-request-line starts at 1, but was 0");
            config("forwarded-allow-ips = nobody", "limit-request-line = 10");
            hup(server, "nothing was reloaded: expected an address");
            Files.delete(config);
            hup(server, "nothing was reloaded: cannot read " + config);
            assertThat(server.ask(REQUEST)).startsWith("HTTP/1.1 204 ");
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void hupReadsTheCertificateAgain() throws Exception {
        assumeHupIsNotIgnored();
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("key.pem");
        copy("localhost.pem", chain);
        copy("localhost.key", key);
        try (var server =
                HttpProcess.start(
                        folder, "--certfile", chain.toString(), "--keyfile", key.toString())) {
            assertThat(shown(server)).isEqualTo("CN=localhost");
            copy("other.pem", chain);
            hup(server, "nothing was reloaded: expected the key of " + chain + " in " + key);
            assertThat(shown(server)).isEqualTo("CN=localhost");
            copy("other.key", key);
            hup(server, "configuration and certificate reloaded");
            assertThat(shown(server)).isEqualTo("CN=other");
            assertThat(server.stop()).isZero();
        }
    }

    /** As gunicorn: TERM lets requests end, INT does not. */
    @Test
    void intDoesNotWaitForRequests() throws Exception {
        assumeThat(ChildJvm.ignores("INT"))
                .as("SIGINT was ignored when this JVM began, and so it is in its children")
                .isFalse();
        try (var server = HttpProcess.start(folder);
                var socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /drip?numbytes=60&duration=60 HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            assertThat(socket.getInputStream().read()).isPositive(); // it is under way
            server.signal("INT");
            assertThat(server.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.process.exitValue()).isZero();
        }
    }

    @Test
    void usr1OpensBothLogsAnew() throws Exception {
        assumeHupIsNotIgnored();
        Path access = folder.resolve("access");
        Path errors = folder.resolve("errors");
        try (var server =
                HttpProcess.start(
                        folder,
                        "--access-logfile=" + access,
                        "--access-logformat=%(s)s %(U)s",
                        "--config=" + config("keep-alive=5s"),
                        "--error-logfile=" + errors)) {
            assertThat(server.ask("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            await().atMost(HttpProcess.PATIENCE)
                    .until(() -> HttpProcess.lines(access).equals(List.of("400 -")));
            Path oldAccess = Files.move(access, folder.resolve("access.1"));
            Path oldErrors = Files.move(errors, folder.resolve("errors.1"));
            server.signal("USR1");
            await().atMost(HttpProcess.PATIENCE)
                    .until(() -> Files.exists(access) && Files.exists(errors));
            assertThat(server.ask("more nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            server.signal("HUP"); // of refusals there is one line a minute, and one at the end
            await().atMost(HttpProcess.PATIENCE).until(() -> !HttpProcess.lines(errors).isEmpty());
            assertThat(server.stop()).isZero();
            assertThat(oldAccess).hasContent("400 -\n");
            assertThat(access).hasContent("400 -\n");
            assertThat(HttpProcess.lines(oldErrors)).singleElement().asString().contains(" 400 ");
            assertThat(HttpProcess.lines(errors))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("configuration reloaded"),
                            line -> assertThat(line).contains(" 400 "));
            assertThat(server.errors()).isEmpty();
        }
    }

    private static void assumeHupIsNotIgnored() throws Exception {
        assumeThat(ChildJvm.ignores("HUP")).as("HUP is ignored, as below nohup").isFalse();
    }

    private Path config(String... lines) throws IOException {
        return Files.write(folder.resolve("weft.properties"), List.of(lines));
    }

    /** Sends it, and waits until the log says so. */
    private static void hup(HttpProcess server, String said) throws Exception {
        server.signal("HUP");
        await(said)
                .atMost(HttpProcess.PATIENCE)
                .until(() -> server.errors().stream().anyMatch(line -> line.contains(said)));
    }

    private static String shown(HttpProcess server) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            var chain = socket.getSession().getPeerCertificates();
            return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
        }
    }

    private static void copy(String name, Path file) throws IOException {
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
