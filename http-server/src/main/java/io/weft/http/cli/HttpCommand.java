package io.weft.http.cli;

import io.weft.Action;
import io.weft.LoopGroup;
import io.weft.Transport;
import io.weft.cli.Commands;
import io.weft.cli.Termination;
import io.weft.cli.Version;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.compression.Compression;
import io.weft.http.demo.Demo;
import io.weft.http.files.StaticFiles;
import io.weft.http.server.HttpServer;
import io.weft.http.server.LogFormat;
import io.weft.http.server.TrustedProxies;
import io.weft.net.Addresses;
import io.weft.net.InheritedAddress;
import io.weft.net.Tls;
import io.weft.process.SignalHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Serves an application over HTTP, or the demo. The options are gunicorn's, and their defaults. */
@Command(
        name = "http-server",
        description = "Serves a Java handler over HTTP, one coroutine per connection.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        sortOptions = false,
        footer = {
            "",
            "SIGTERM stops it gracefully, SIGINT (Ctrl-C) cuts what is under way: exit code 0;",
            "a second signal ends it at once.",
            "SIGHUP reads the certificate and the configuration file again, SIGUSR1 opens the logs",
            "anew.",
            "Exit codes: 0 good, 1 failed, 2 wrong usage, 3 the application failed to start,",
            "4 it could not be loaded."
        })
final class HttpCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCommand.class);

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "APP",
            description = {
                "class to serve: a Handler, a ReplyHandler, a WSGI Application,",
                "or a Callable that makes one (default: the demo)"
            })
    private @Nullable String app;

    @Option(
            names = {"-b", "--bind"},
            paramLabel = "ADDRESS",
            split = ",",
            defaultValue = "127.0.0.1:8000",
            description = {
                "HOST:PORT, :PORT, [V6]:PORT, unix:PATH or fd://N; may be repeated;",
                "sockets of systemd (LISTEN_FDS) go before them"
            })
    private List<String> bind = List.of();

    @Option(
            names = {"-w", "--workers"},
            paramLabel = "N",
            description = "event loops (default: one per processor)",
            showDefaultValue = Visibility.NEVER)
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--worker-connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "connections per loop; further ones wait in the kernel's backlog")
    private int workerConnections;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "2048",
            description = "connections that the kernel keeps waiting")
    private int backlog;

    @Option(names = "--reuse-port", description = "share the port with other processes")
    private boolean reusePort;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "a request without an answer by then is answered by 503; 0s: none")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--graceful-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "how long requests may go on after SIGTERM")
    private Duration gracefulTimeout = Duration.ZERO;

    @Option(
            names = "--keep-alive",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "how long a connection may wait for its next request")
    private Duration keepAlive = Duration.ZERO;

    @Option(
            names = "--limit-request-line",
            paramLabel = "BYTES",
            defaultValue = "4094",
            description = "longer ones are answered by 414")
    private int limitRequestLine;

    @Option(
            names = "--limit-request-fields",
            paramLabel = "N",
            defaultValue = "100",
            description = "more header fields are answered by 431")
    private int limitRequestFields;

    @Option(
            names = "--limit-request-field-size",
            paramLabel = "BYTES",
            defaultValue = "8190",
            description = "a larger header field is answered by 431")
    private int limitRequestFieldSize;

    @Option(
            names = "--limit-request-body",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "a larger body is answered by 413; 0: any")
    private long limitRequestBody;

    @Option(
            names = "--forwarded-allow-ips",
            paramLabel = "ADDRESSES",
            split = ",",
            defaultValue = "127.0.0.1,::1",
            description = "proxies whose X-Forwarded-For and -Proto are believed; * for any")
    private List<String> forwardedAllowIps = List.of();

    @Option(
            names = "--proxy-protocol",
            description = "connections begin with a PROXY header, version 1 or 2")
    private boolean proxyProtocol;

    @Option(
            names = "--proxy-allow-from",
            paramLabel = "ADDRESSES",
            split = ",",
            defaultValue = "127.0.0.1,::1",
            description = "proxies whose PROXY header is believed; * for any")
    private List<String> proxyAllowFrom = List.of();

    @Option(names = "--certfile", paramLabel = "FILE", description = "certificate chain (PEM): TLS")
    private @Nullable Path certificate;

    @Option(names = "--keyfile", paramLabel = "FILE", description = "its key (PEM, PKCS#8)")
    private @Nullable Path key;

    @Option(
            names = "--access-logfile",
            paramLabel = "FILE",
            description = "a line for each request; - for standard output (default: none)")
    private @Nullable String accessLogFile;

    @Option(
            names = "--access-logformat",
            paramLabel = "FORMAT",
            defaultValue = "combined",
            description = "combined, common, pywsgi, or gunicorn's %%(h)s and the like")
    private String accessLogFormat = "";

    @Option(
            names = "--error-logfile",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "the server's own log; - for standard error")
    private String errorLogFile = "-";

    @Option(names = "--dir", paramLabel = "DIR", description = "serve the files below, not APP")
    private @Nullable Path directory;

    @Option(
            names = "--compress",
            description = {
                "compress text for clients that take it: gzip, deflate, and br and zstd",
                "where their libraries are there; files too"
            })
    private boolean compress;

    @Option(
            names = "--class-path",
            paramLabel = "PATHS",
            split = ":",
            description = "where APP is: jars and directories")
    private List<Path> classPath = List.of();

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "epoll, io_uring, kqueue or nio (default: the best there is)",
            showDefaultValue = Visibility.NEVER)
    private @Nullable String transport;

    @SuppressWarnings("UnusedVariable") // ConfigFile has read it before: here it is documented
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "options from a properties file, under their long names")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Limits limits = limits();
        Tls tls = tls();
        Transport chosen = Transport.choose(transport);
        Handler handler;
        try {
            handler = handler();
        } catch (AppException e) {
            err().println("http-server: " + e.getMessage());
            err().flush();
            return e.exitCode();
        }
        err(); // what is wrong with the start is said there, wherever the log goes
        var termination = new Termination();
        try (var group = LoopGroup.create(workers, chosen);
                var logs = Logs.open(accessLogFile, logFormat(), errorLogFile)) {
            var builder =
                    HttpServer.builder(handler)
                            .group(group)
                            .limits(limits)
                            .backlog(backlog)
                            .reusePort(reusePort)
                            .maxConnections(
                                    (int)
                                            Math.min(
                                                    Integer.MAX_VALUE,
                                                    (long) workers * workerConnections))
                            .clients(TrustedProxies.of(forwardedAllowIps))
                            .log(logs.access())
                            .tls(tls);
            if (proxyProtocol) {
                builder.proxyProtocol(TrustedProxies.of(proxyAllowFrom));
            }
            List<SocketAddress> inherited = InheritedAddress.all();
            if (inherited.isEmpty()) {
                bind.forEach(builder::listen);
            } else {
                inherited.forEach(builder::listen);
            }
            var server = builder.bind();
            var reload = new Reload(this, server, tls, logs.access());
            try (var _ = on("HUP", group, reload::run);
                    var _ = on("USR1", group, logs::reopen)) {
                for (SocketAddress address : server.addresses()) {
                    say(address, chosen);
                }
                termination.await();
                server.stop(
                        termination.isInterrupted()
                                ? Duration.ZERO
                                : reload.current().gracefulTimeout);
            }
        }
        return 0;
    }

    /** Not every system has these signals, and there they cannot be missed. */
    private static @Nullable SignalHandler on(String signal, LoopGroup group, Action action) {
        try {
            return SignalHandler.on(signal, group.next(), action);
        } catch (IllegalArgumentException e) {
            LOG.debug("{}", e.getMessage());
            return null;
        }
    }

    /** The same arguments, with what the configuration file says now. */
    HttpCommand again() {
        var next = new HttpCommand();
        String[] arguments =
                Objects.requireNonNull(spec)
                        .commandLine()
                        .getParseResult()
                        .originalArgs()
                        .toArray(String[]::new);
        Commands.parse(next, line -> ConfigFile.apply(line, arguments), arguments);
        return next;
    }

    List<OptionSpec> options() {
        return Objects.requireNonNull(spec).options();
    }

    List<String> forwardedAllowIps() {
        return forwardedAllowIps;
    }

    private Handler handler() throws AppException, IOException {
        if (directory != null && app != null) {
            throw wrong("--dir goes without APP");
        }
        Handler handler =
                directory != null
                        ? StaticFiles.of(directory)
                        : app == null ? Demo.handler() : App.load(app, classPath);
        return compress ? new Compression().before(handler) : handler;
    }

    LogFormat logFormat() {
        return switch (accessLogFormat) {
            case "combined" -> LogFormat.COMBINED;
            case "common" -> LogFormat.COMMON;
            case "pywsgi" -> LogFormat.PYWSGI;
            default -> LogFormat.of(accessLogFormat);
        };
    }

    private void say(SocketAddress address, Transport chosen) {
        String text = Addresses.format(address);
        boolean local = text.startsWith("unix:") || text.startsWith("fd:"); // no URL has these
        String url = local ? text : (key == null ? "http://" : "https://") + text;
        out().printf(
                        "listening on %s (%s, %d %s)%n",
                        url, chosen, workers, workers == 1 ? "loop" : "loops");
        out().flush();
    }

    Limits limits() {
        require("--workers", workers, 1);
        require("--worker-connections", workerConnections, 1);
        require("--backlog", backlog, 1);
        require("--limit-request-line", limitRequestLine, 1);
        require("--limit-request-fields", limitRequestFields, 1);
        require("--limit-request-field-size", limitRequestFieldSize, 1);
        require("--limit-request-body", limitRequestBody, 0);
        return Limits.DEFAULT
                .requestLine(limitRequestLine)
                .headers(limitRequestFields, limitRequestFieldSize)
                .body(limitRequestBody)
                .keepAlive(keepAlive)
                .requestTime(timeout);
    }

    private void require(String option, long value, long least) {
        if (value < least) {
            throw wrong(option + " starts at " + least + ", but was " + value);
        }
    }

    private @Nullable Tls tls() throws IOException {
        if ((certificate == null) != (key == null)) {
            throw wrong("--certfile and --keyfile go together");
        }
        return certificate == null || key == null
                ? null
                : Tls.server()
                        .certificate(certificate, key)
                        .applicationProtocols("http/1.1")
                        .build();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
