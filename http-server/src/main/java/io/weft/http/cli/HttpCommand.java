package io.weft.http.cli;

import io.weft.Action;
import io.weft.LoopGroup;
import io.weft.Transport;
import io.weft.cli.Commands;
import io.weft.cli.Fatal;
import io.weft.cli.Loops;
import io.weft.cli.Termination;
import io.weft.cli.Version;
import io.weft.debug.LoopMonitor;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.compression.Compression;
import io.weft.http.demo.Demo;
import io.weft.http.files.StaticFiles;
import io.weft.http.server.HttpServer;
import io.weft.http.server.LogFormat;
import io.weft.http.server.TrustedProxies;
import io.weft.http.wsgi.HeaderMap;
import io.weft.net.Addresses;
import io.weft.net.Tls;
import io.weft.process.SignalHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
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
            "SIGTERM stops it gracefully, SIGINT (Ctrl-C) cuts what is under way:",
            "exit code 0; a second signal ends it at once.",
            "SIGHUP reads the certificate and the configuration file again, for new",
            "connections; open ones keep what they began with. SIGUSR1 opens the logs",
            "anew. SIGTTIN and SIGTTOU are ignored: the loops are as many as at the start.",
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

    @Mixin private final ListenOptions listen = new ListenOptions();
    @Mixin private final LimitOptions limits = new LimitOptions();
    @Mixin private final ProxyOptions proxies = new ProxyOptions();
    @Mixin private final TlsOptions tls = new TlsOptions();
    @Mixin private final LogOptions logging = new LogOptions();

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
            description = "where APP is: jars, directories, and DIR/* for all jars in one")
    private List<Path> classPath = List.of();

    @Option(
            names = "--header-map",
            paramLabel = "WHAT",
            defaultValue = "drop",
            description = {
                "drop or refuse: what becomes of a header with an underscore in its name,",
                "where APP is a WSGI Application"
            })
    private HeaderMap headerMap = HeaderMap.DROP;

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
        Limits most = limits();
        Tls certificate = tls.load();
        Transport chosen = Transport.choose(transport);
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        try {
            return serve(app(), most, certificate, chosen);
        } catch (AppException e) {
            err().println("http-server: " + e.getMessage());
            err().flush();
            return e.exitCode();
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    /** On a thread whose context class loader is the application's: the loops' become so too. */
    private int serve(App served, Limits most, @Nullable Tls certificate, Transport chosen)
            throws IOException, InterruptedException {
        err(); // what is wrong with the start is said there, wherever the log goes
        Fatal.install("http-server");
        var termination = new Termination();
        try (var own = Loops.create(listen.workers(), chosen);
                var logs = logging.open();
                served) {
            LoopGroup group = own.group();
            Handler handler = served.handler();
            var builder =
                    HttpServer.builder(compress ? new Compression().before(handler) : handler)
                            .group(group)
                            .limits(most)
                            .log(logs.access())
                            .tls(certificate);
            proxies.applyTo(builder);
            listen.applyTo(builder);
            var server = builder.bind();
            var reload = new Reload(this, server, certificate, logs.access());
            // from now on: a loop may be held by what the start loads
            try (var _ = LoopMonitor.start(Loops.HELD);
                    var _ = on("HUP", group, reload::run);
                    var _ = on("USR1", group, logs::reopen)) {
                for (SocketAddress address : server.addresses()) {
                    say(address, chosen);
                }
                termination.await();
                Duration patience =
                        termination.isInterrupted()
                                ? Duration.ZERO
                                : reload.current().gracefulTimeout();
                termination.endAtTheLatest("http-server", patience);
                server.stop(patience);
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

    Limits limits() {
        listen.check();
        return limits.toLimits();
    }

    Duration gracefulTimeout() {
        return limits.gracefulTimeout();
    }

    TrustedProxies forwarders() {
        return proxies.forwarders();
    }

    LogFormat logFormat() {
        return logging.format();
    }

    private App app() throws AppException, IOException {
        if (directory != null && app != null) {
            throw Usage.wrong(spec, "--dir goes without APP");
        }
        return directory != null
                ? App.of(StaticFiles.of(directory))
                : app == null ? App.of(Demo.handler()) : App.load(app, classPath, headerMap);
    }

    private void say(SocketAddress address, Transport chosen) {
        String text = Addresses.format(address);
        boolean local = text.startsWith("unix:") || text.startsWith("fd:"); // no URL has these
        String url = local ? text : (tls.isOn() ? "https://" : "http://") + text;
        int workers = listen.workers();
        out().printf(
                        "listening on %s (%s, %d %s)%n",
                        url, chosen, workers, workers == 1 ? "loop" : "loops");
        out().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
