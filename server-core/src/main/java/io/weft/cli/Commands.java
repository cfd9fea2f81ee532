package io.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Runs a picocli command as users expect: exit code 0 good, 1 failed, 2 wrong usage; one line on
 * standard error for what went wrong, never a stack trace.
 */
public final class Commands {
    public static final int FAILED = 1;
    public static final int WRONG_USAGE = 2;

    private Commands() {}

    /** Runs the command; the caller ends the process with what is returned. */
    public static int run(Object command, String... args) {
        return run(command, line -> {}, args);
    }

    /** As before, after {@code setup}, which may complain by a {@link ParameterException}. */
    public static int run(Object command, Consumer<CommandLine> setup, String... args) {
        var line =
                line(command)
                        .setParameterExceptionHandler((e, arguments) -> wrongUsage(e))
                        .setExecutionExceptionHandler((e, failed, parsed) -> failed(failed, e));
        try {
            setup.accept(line);
        } catch (ParameterException e) {
            return wrongUsage(e);
        }
        return line.execute(args);
    }

    /**
     * Gives {@code command} the values of its options, and does not run it.
     *
     * @throws ParameterException if {@code arguments} are wrong, or {@code setup} says so
     */
    public static void parse(Object command, Consumer<CommandLine> setup, String... arguments) {
        CommandLine line = line(command);
        setup.accept(line);
        line.parseArgs(arguments);
    }

    private static CommandLine line(Object command) {
        return new CommandLine(command)
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    private static int wrongUsage(ParameterException e) {
        CommandLine line = e.getCommandLine();
        complain(line, oneLine(e) + " (see " + name(line) + " --help)");
        return WRONG_USAGE;
    }

    private static int failed(CommandLine line, Exception e) {
        complain(line, oneLine(e));
        return e instanceof IllegalArgumentException ? WRONG_USAGE : FAILED;
    }

    private static void complain(CommandLine line, String message) {
        line.getErr().println(name(line) + ": " + message);
        line.getErr().flush();
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName();
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message.lines().findFirst().orElse(e.toString());
    }
}
