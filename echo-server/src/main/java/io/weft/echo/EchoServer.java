package io.weft.echo;

import io.weft.LoopGroup;
import io.weft.Transport;
import io.weft.cli.Commands;
import io.weft.cli.Fatal;
import io.weft.cli.Loops;
import io.weft.cli.Termination;
import io.weft.cli.Version;
import io.weft.debug.LoopMonitor;
import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.net.InheritedAddress;
import io.weft.net.Tls;
import io.weft.pool.ThreadPool;
import io.weft.process.SignalHandler;
import io.weft.server.StreamServer;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** The echo server of the course notes as a command: what it receives it sends back. */
@Command(
        name = "echo-server",
        description = "Sends back whatever it receives, one coroutine per connection.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        footer = {
            "",
            "SIGTERM and Ctrl-C stop it gracefully, with exit code 0; a second one at once.",
            "SIGHUP reads the certificate and its key again. Sockets of systemd",
            "(LISTEN_FDS) go before --host and --port.",
            "Try it: nc localhost 8888"
        })
public final class EchoServer implements Callable<Integer> {
    /** As much as one recv of the notes. */
    private static final int CHUNK = 1024;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "0.0.0.0",
            description = "address to listen on")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8888",
            description = "port; 0 picks a free one")
    private int port;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "event loops (default: one per processor)",
            showDefaultValue = Visibility.NEVER)
    private int loops = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description =
                    "at so many, further ones wait in the kernel's backlog (default: no limit)",
            showDefaultValue = Visibility.NEVER)
    private int maxConnections = Integer.MAX_VALUE;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "1024",
            description = "connections that the kernel keeps waiting")
    private int backlog;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "closes a connection that sends nothing for so long; 0s: never")
    private Duration idleTimeout = Duration.ZERO;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "how long connections may go on after SIGTERM")
    private Duration grace = Duration.ZERO;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "certificate chain (PEM): speaks TLS")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "its key (PEM, PKCS#8)")
    private @Nullable Path key;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "epoll, io_uring, kqueue or nio (default: the best there is)",
            showDefaultValue = Visibility.NEVER)
    private @Nullable String transport;

    @Option(names = "--verbose", description = "prints what is received")
    private boolean verbose;

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new EchoServer(), args));
    }

    /** One connection, from its first byte to its last. */
    void echo(Connection connection) throws IOException {
        for (byte[] data; (data = connection.read(CHUNK)) != null; ) {
            if (verbose) {
                out().println("recv " + new String(data, StandardCharsets.UTF_8));
            }
            connection.write(data);
        }
        connection.shutdownOutput();
    }

    private void serve(Connection connection) throws IOException {
        connection.readTimeout(idleTimeout);
        try {
            echo(connection);
        } catch (SocketTimeoutException idle) {
            if (verbose) {
                out().println(idle.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        var chosen = Transport.choose(transport);
        var tls = tls();
        Fatal.install("echo-server");
        var termination = new Termination();
        try (var own = Loops.create(loops, chosen);
                var _ = tls == null ? null : onHup(own.group(), tls)) {
            var builder =
                    StreamServer.builder(this::serve)
                            .group(own.group())
                            .maxConnections(maxConnections)
                            .backlog(backlog)
                            .tls(tls);
            addresses().forEach(builder::listen);
            var server = builder.bind();
            // from now on: a loop may be held by what the start loads
            try (var _ = LoopMonitor.start(Loops.HELD)) {
                for (SocketAddress address : server.addresses()) {
                    say(address, chosen);
                }
                termination.await();
                termination.endAtTheLatest("echo-server", grace);
                server.stop(grace);
            }
        }
        return 0;
    }

    /** Those that systemd has opened go before those of the options (gunicorn). */
    private List<SocketAddress> addresses() {
        List<SocketAddress> inherited = InheritedAddress.all();
        return inherited.isEmpty()
                ? List.of(InetSocketAddress.createUnresolved(host, port))
                : inherited;
    }

    private void say(SocketAddress address, Transport chosen) {
        out().printf(
                        "listening on %s (%s, %d %s)%n",
                        Addresses.format(address), chosen, loops, loops == 1 ? "loop" : "loops");
        out().flush();
    }

    private void check() {
        if (port < 0 || port > 65535) {
            throw wrong("--port goes from 0 to 65535, but was " + port);
        } else if (loops < 1) {
            throw wrong("--loops starts at 1, but was " + loops);
        } else if (maxConnections < 1) {
            throw wrong("--max-connections starts at 1, but was " + maxConnections);
        } else if (backlog < 1) {
            throw wrong("--backlog starts at 1, but was " + backlog);
        } else if ((certificate == null) != (key == null)) {
            throw wrong("--cert and --key go together");
        }
    }

    private @Nullable Tls tls() throws IOException {
        return certificate == null || key == null
                ? null
                : Tls.server().certificate(certificate, key).build();
    }

    private SignalHandler onHup(LoopGroup group, Tls tls) {
        return SignalHandler.on("HUP", group.next(), () -> reload(tls));
    }

    private void reload(Tls tls) throws InterruptedException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        try {
            ThreadPool.shared()
                    .apply(
                            () -> {
                                tls.reload();
                                return null;
                            });
            err.println("echo-server: the certificate was read again");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            err.println("echo-server: the certificate stays as it was: " + cause.getMessage());
        }
        err.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
