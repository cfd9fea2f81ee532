package io.weft.http.cli;

import io.weft.Printable;
import io.weft.http.server.AccessLog;
import io.weft.http.server.HttpServer;
import io.weft.http.server.LogFormat;
import io.weft.net.Tls;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * What SIGHUP does: reads the configuration file and the certificate again, and has connections
 * that come from now on be served by what they say. If anything is wrong, everything stays as it
 * was. Any thread, one at a time.
 *
 * <p>Differences from gunicorn: nothing is started anew, so options of the listeners, the loops and
 * the application stay as they are; those that have changed are named in the log.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** What can change while the server runs. */
    private static final Set<String> AT_ONCE =
            Set.of(
                    "--timeout",
                    "--graceful-timeout",
                    "--keep-alive",
                    "--limit-request-line",
                    "--limit-request-fields",
                    "--limit-request-field-size",
                    "--limit-request-body",
                    "--forwarded-allow-ips",
                    "--access-logformat");

    private final HttpServer server;
    private final @Nullable Tls tls;
    private final @Nullable AccessLog access;
    private final HttpCommand first;
    private volatile HttpCommand current;

    Reload(HttpCommand first, HttpServer server, @Nullable Tls tls, @Nullable AccessLog access) {
        this.first = first;
        this.current = first;
        this.server = server;
        this.tls = tls;
        this.access = access;
    }

    /** What the options say now. */
    HttpCommand current() {
        return current;
    }

    void run() throws InterruptedException {
        try {
            ThreadPool.shared().apply(this::reload);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            String message = String.valueOf(cause.getMessage());
            LOG.error(
                    "nothing was reloaded: {}",
                    Printable.of(message.lines().findFirst().orElse(cause.toString())));
        }
    }

    private synchronized @Nullable Void reload() throws IOException {
        HttpCommand next = first.again();
        var limits = next.limits();
        LogFormat format = next.logFormat();
        var proxies = next.forwarders();
        if (tls != null) {
            tls.reload(); // the last that can fail
        }
        server.reconfigure(limits, proxies);
        if (access != null) {
            access.format(format);
        }
        List<String> left = changedFor(next);
        current = next;
        LOG.info("configuration{} reloaded", tls == null ? "" : " and certificate");
        if (!left.isEmpty()) {
            LOG.warn("these take effect when the server starts anew: {}", left);
        }
        return null;
    }

    private List<String> changedFor(HttpCommand next) {
        var changed = new ArrayList<String>();
        for (OptionSpec option : first.options()) {
            String name = option.longestName();
            OptionSpec now =
                    next.options().stream()
                            .filter(other -> other.longestName().equals(name))
                            .findFirst()
                            .orElseThrow();
            Object before = option.getValue();
            if (!AT_ONCE.contains(name) && !Objects.equals(before, now.<Object>getValue())) {
                changed.add(name);
            }
        }
        return changed;
    }
}
