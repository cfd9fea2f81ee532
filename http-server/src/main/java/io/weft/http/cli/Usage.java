package io.weft.http.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.Objects;

/** Complaints about what the user has asked for, which are one line and exit code 2. */
final class Usage {
    private Usage() {}

    static ParameterException wrong(@Nullable CommandSpec spec, String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    static void require(@Nullable CommandSpec spec, String option, long value, long least) {
        if (value < least) {
            throw wrong(spec, option + " starts at " + least + ", but was " + value);
        }
    }
}
