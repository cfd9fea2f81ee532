package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file is read, or refused by one line. */
public final class ConfigFileFuzz {
    private static final Path FILE = file();

    private ConfigFileFuzz() {}

    private static Path file() {
        try {
            Path file = Files.createTempFile("weft", ".conf");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        var command = new CommandLine(new HttpCommand());
        String[] arguments = {"--config", FILE.toString()};
        try {
            ConfigFile.apply(command, arguments);
            command.parseArgs(arguments);
        } catch (ParameterException e) {
            assertThat(e.getMessage()).isNotBlank(); // its first line is shown
        }
    }
}
