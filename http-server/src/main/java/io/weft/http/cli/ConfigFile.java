package io.weft.http.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Unmatched;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Options from a properties file, under their long names ({@code worker-connections = 500}); what
 * the command line says goes before it. {@code bind} may name several, with commas between.
 */
final class ConfigFile implements IDefaultValueProvider {
    private final Properties values = new Properties();

    /**
     * Reads the file that {@code --config} names among the arguments, and has the command take its
     * defaults from there.
     */
    static void apply(CommandLine command, String[] arguments) {
        String name = named(arguments);
        if (name == null) {
            return;
        }
        var file = new ConfigFile();
        try (Reader reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
            file.values.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(command, "cannot read " + name + ": " + reason(e));
        }
        file.check(command, name);
        command.setDefaultValueProvider(file);
    }

    /** As picocli reads them, which has files of arguments too ({@code @file}). */
    private static @Nullable String named(String[] arguments) {
        var only = new Only();
        try {
            new CommandLine(only).parseArgs(arguments);
        } catch (ParameterException e) {
            return null; // the command will complain of the same
        }
        return only.config;
    }

    /** All that is to be known of the command line before the rest of it. */
    @Command
    private static final class Only {
        @Option(names = "--config")
        private @Nullable String config;

        @SuppressWarnings("UnusedVariable") // for picocli to put the others into
        @Unmatched
        private List<String> rest = new ArrayList<>();
    }

    private void check(CommandLine command, String name) {
        CommandSpec spec = command.getCommandSpec();
        for (String key : values.stringPropertyNames()) {
            OptionSpec option = spec.findOption("--" + key);
            boolean known = option != null && !option.usageHelp() && !option.versionHelp();
            if (!known || key.equals("config")) {
                throw new ParameterException(command, name + ": there is no option " + key);
            }
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? stripped(values.getProperty(option.longestName().substring(2)))
                : null;
    }

    /** Blanks at the end of a line are not seen, and not meant. */
    private static @Nullable String stripped(@Nullable String value) {
        return value == null ? null : value.strip();
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException
                ? "there is no such file"
                : String.valueOf(e.getMessage());
    }
}
