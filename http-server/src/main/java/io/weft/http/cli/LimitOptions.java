package io.weft.http.cli;

import io.weft.http.Limits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.time.Duration;

/** What a client may ask for, and how long it may take. */
final class LimitOptions {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

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
            description = "how long requests may go on after SIGTERM; 0s: not at all")
    private Duration gracefulTimeout = Duration.ZERO;

    @Option(
            names = "--keep-alive",
            paramLabel = "TIME",
            defaultValue = "2s",
            description =
                    "how long a connection may wait for its next request; 0s: each is closed after"
                            + " one")
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

    Limits toLimits() {
        Usage.require(spec, "--limit-request-line", limitRequestLine, 1);
        Usage.require(spec, "--limit-request-fields", limitRequestFields, 1);
        Usage.require(spec, "--limit-request-field-size", limitRequestFieldSize, 1);
        Usage.require(spec, "--limit-request-body", limitRequestBody, 0);
        return Limits.DEFAULT
                .requestLine(limitRequestLine)
                .headers(limitRequestFields, limitRequestFieldSize)
                .body(limitRequestBody)
                .keepAlive(keepAlive)
                .requestTime(timeout);
    }

    /** How long requests may go on when the server stops. */
    Duration gracefulTimeout() {
        return gracefulTimeout;
    }
}
