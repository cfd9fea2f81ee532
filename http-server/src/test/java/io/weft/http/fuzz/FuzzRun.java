package io.weft.http.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks for inputs that do harm, so many seconds long in each target, with Jazzer:
 *
 * <pre>
 *   mvn -B -Pfuzz -pl http-server -am -DskipTests verify
 *       [-Dfuzz.seconds=60] [-Dfuzz.targets=HEAD,CHUNK] [-Dfuzz.seed=1]
 * </pre>
 *
 * <p>What does harm is left beside the inputs that are kept, where the tests find it from then on.
 * Other new inputs go to {@code target/fuzz}. One seed makes one sequence of inputs; 0 draws one.
 */
final class FuzzRun {
    /** What is watched for new ways through it; all else at full speed. */
    private static final String WATCHED =
            "io.weft.http.**:io.weft.net.Prox*:io.netty.handler.codec.**";

    /** It looks for inputs that a pattern matches, also of a check's own patterns. */
    private static final String UNWANTED =
            "com.code_intelligence.jazzer.sanitizers.RegexRoadblocks";

    private FuzzRun() {}

    /** Takes the seconds, the seed, and the targets with commas between; all if there are none. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        List<Target> targets = new ArrayList<>();
        for (String name : arguments.length > 2 ? arguments[2].split(",") : new String[0]) {
            if (!name.isBlank()) {
                targets.add(Target.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            }
        }
        boolean harmless = true;
        try (var threads =
                Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors())) {
            List<Callable<Boolean>> runs = new ArrayList<>();
            for (Target each : targets.isEmpty() ? List.of(Target.values()) : targets) {
                runs.add(() -> run(each, seconds, arguments[1]));
            }
            for (Future<Boolean> run : threads.invokeAll(runs)) {
                harmless &= run.get();
            }
        }
        System.exit(harmless ? 0 : 1);
    }

    private static boolean run(Target target, int seconds, String seed)
            throws IOException, InterruptedException {
        Path folder = target.folder().toAbsolutePath();
        Path work =
                Files.createDirectories(Path.of("target/fuzz", folder.getFileName().toString()));
        Path log = work.resolveSibling(folder.getFileName() + ".log");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+EnableDynamicAgentLoading",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.type.getName(),
                        "--instrumentation_includes=" + WATCHED,
                        "--custom_hook_includes=" + WATCHED,
                        "--disabled_hooks=" + UNWANTED,
                        "-max_total_time=" + seconds,
                        "-max_len=4096",
                        "-seed=" + seed,
                        "-artifact_prefix=" + folder + "/",
                        work.toAbsolutePath().toString(),
                        folder.toString());
        int exit =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        List<String> lines = Files.readAllLines(log);
        System.out.println(
                target + ": " + (exit == 0 ? lines.getLast() : "found harm, see " + log));
        return exit == 0;
    }
}
