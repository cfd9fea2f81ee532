package io.weft.http.cli;

import io.weft.http.server.HttpServerBuilder;
import io.weft.net.InheritedAddress;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.net.SocketAddress;
import java.util.List;

/** Where connections come in, and how many. */
final class ListenOptions {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

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

    /** Says so if a number is too small. */
    void check() {
        Usage.require(spec, "--workers", workers, 1);
        Usage.require(spec, "--worker-connections", workerConnections, 1);
        Usage.require(spec, "--backlog", backlog, 1);
    }

    /** How many loops to run on. */
    int workers() {
        return workers;
    }

    void applyTo(HttpServerBuilder builder) {
        long most = (long) workers * workerConnections;
        builder.backlog(backlog)
                .reusePort(reusePort)
                .maxConnections((int) Math.min(Integer.MAX_VALUE, most));
        List<SocketAddress> inherited = InheritedAddress.all();
        if (inherited.isEmpty()) {
            bind.forEach(builder::listen);
        } else {
            inherited.forEach(builder::listen);
        }
    }
}
