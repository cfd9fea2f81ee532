package io.weft.http.cli;

import io.weft.http.server.LogFormat;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;

/** What is written about requests and errors, and where. */
final class LogOptions {
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

    LogFormat format() {
        return switch (accessLogFormat) {
            case "combined" -> LogFormat.COMBINED;
            case "common" -> LogFormat.COMMON;
            case "pywsgi" -> LogFormat.PYWSGI;
            default -> LogFormat.of(accessLogFormat);
        };
    }

    Logs open() throws IOException {
        return Logs.open(accessLogFile, format(), errorLogFile);
    }
}
