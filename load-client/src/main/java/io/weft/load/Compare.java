package io.weft.load;

import io.weft.cli.Version;
import io.weft.load.report.Page;
import io.weft.load.report.Result;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Draws several results side by side. */
@Command(
        name = "compare",
        description = "Draws several results of --json side by side; ratios are to the first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Examples:",
            "  load-client :8888 --json before.json",
            "  load-client compare before.json after.json --report page.html"
        })
final class Compare implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE.json",
            description = "what --json has written, at most " + Page.MOST)
    private List<Path> files = List.of();

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            required = true,
            description = "where the page goes")
    private @Nullable Path report;

    /** As short as tells it from the others. */
    private String name(Path file) {
        boolean alone =
                files.stream().filter(each -> shortName(each).equals(shortName(file))).count() == 1;
        return alone ? shortName(file) : file.toString();
    }

    private static String shortName(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString().replaceFirst("\\.json$", "");
    }

    @Override
    public Integer call() throws IOException {
        try {
            if (files.size() > Page.MOST) {
                throw new IllegalArgumentException(
                        "at most "
                                + Page.MOST
                                + " results can be told apart, but there are "
                                + files.size());
            }
            OutputFile.check("--report", report);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
        var results = new ArrayList<Result>();
        for (Path file : files) {
            results.add(Result.read(name(file), file));
        }
        OutputFile.write(report, "the report", () -> Page.of(results));
        return 0;
    }
}
