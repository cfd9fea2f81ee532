package io.weft.load;

import io.weft.cli.Commands;
import io.weft.cli.Termination;
import io.weft.cli.Version;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * The load client of the course notes as a command: many connections that say hello and check the
 * echo.
 */
@Command(
        name = "load-client",
        description =
                "Loads an echo server: each connection sends \"hello N\", waits for the echo,"
                        + " compares the two, and counts N up.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        sortOptions = false,
        subcommands = Talk.class,
        footer = {
            "",
            "Exit code 0: every connection held and every reply was right; 1: not so; 2: wrong"
                    + " usage.",
            "SIGTERM and Ctrl-C end a run early, with its report; a second one at once.",
            "",
            "Examples:",
            "  load-client",
            "  load-client :8888 --connections 10000 --mode coroutines --size 64",
            "  load-client localhost:8888 --rate 5000 --duration 1m --json figures.json",
            "  load-client talk localhost:8888"
        })
public final class LoadClient implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Mixin private final Flags flags = new Flags();

    private final Consumer<Runnable> onStop;

    /**
     * @param onStop is given what to do when the user wants the command to end
     */
    LoadClient(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new LoadClient(LoadClient::atSignal), args));
    }

    private static void atSignal(Runnable stop) {
        var termination = new Termination();
        Thread.ofPlatform()
                .name("signals")
                .daemon()
                .start(
                        () -> {
                            try {
                                termination.await();
                                stop.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = command.getOut();
        LoadOptions options = options(command);
        var progress = options.print() ? Progress.none() : Progress.onTerminal(out);
        var run = new LoadRun(options, Clock.SYSTEM, out, progress);
        onStop.accept(run::stop);
        Figures figures = run.run();
        out.print(Report.text(options, figures));
        out.flush();
        writeJson(JsonReport.text(options, figures));
        return figures.isGood() ? 0 : Commands.FAILED;
    }

    private void writeJson(String figures) throws IOException {
        Path file = flags.json();
        if (file != null) {
            try {
                Files.writeString(file, figures);
            } catch (IOException e) {
                throw new IOException("cannot write the figures: " + e, e);
            }
        }
    }

    private LoadOptions options(CommandLine command) throws IOException {
        try {
            return flags.check();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }

    /** For subcommands. */
    void onStop(Runnable stop) {
        onStop.accept(stop);
    }
}
