package io.weft.http.cli;

import io.weft.cli.Commands;

/** Where the jar starts. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(
                Commands.run(
                        new HttpCommand(), line -> ConfigFile.apply(line, arguments), arguments));
    }
}
