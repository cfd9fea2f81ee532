package io.weft.load;

import io.weft.cli.Commands;
import io.weft.cli.Termination;
import io.weft.cli.Version;
import io.weft.load.report.Page;
import io.weft.load.report.Result;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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
                        + " compares the two, and counts N up. Or an HTTP server: each connection"
                        + " asks, waits for the answer, checks it, and asks again.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        sortOptions = false,
        subcommands = {Talk.class, Compare.class},
        footer = {
            "",
            "Exit code 0: every connection held, and all that was due was sent and rightly"
                    + " answered; 1: not so; 2: wrong usage; 130: so far so good, but interrupted.",
            "SIGTERM and Ctrl-C end a run early, with its report; a second one at once.",
            "",
            "Examples:",
            "  load-client",
            "  load-client :8888 --connections 10000 --mode coroutines --size 64",
            "  load-client localhost:8888 --rate 5000 --duration 1m --json figures.json",
            "  load-client http://localhost:8000/get --mode coroutines --report page.html",
            "  load-client http://localhost:8000/post --body hello --expect-status 200",
            "  load-client wss://localhost:8443/echo --insecure --ramp 10s --think 500ms",
            "  load-client compare before.json after.json --report page.html",
            "  load-client talk localhost:8888"
        })
public final class LoadClient implements Callable<Integer> {
    /**
     * As of a program that SIGINT ends: its figures are not those of the run that was asked for.
     */
    private static final int INTERRUPTED = 128 + 2;

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
        System.exit(run(LoadClient::atSignal, args));
    }

    /** Runs the command. */
    static int run(Consumer<Runnable> onStop, String... args) {
        // @FILE is a value of --body here, not more arguments
        return Commands.run(new LoadClient(onStop), line -> line.setExpandAtFiles(false), args);
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
        var progress = options.print() ? Progress.none() : Progress.of(out, command.getErr());
        var run = new LoadRun(options, Clock.SYSTEM, out, progress);
        onStop.accept(run::stop);
        Setting setting = Setting.now(command.getParseResult().originalArgs());
        Outcome outcome = run.run();
        out.print(Report.text(options, outcome));
        out.flush();
        write(JsonReport.text(options, setting, outcome));
        return exitCode(outcome);
    }

    private static int exitCode(Outcome outcome) {
        return !outcome.isClean() ? Commands.FAILED : outcome.interrupted() ? INTERRUPTED : 0;
    }

    private void write(String figures) throws IOException {
        OutputFile.write(flags.json(), "the figures", () -> figures);
        OutputFile.write(
                flags.report(),
                "the report",
                () -> Page.of(List.of(Result.parse("this run", figures))));
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
