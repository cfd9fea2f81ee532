import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Runs google-java-format (AOSP style: four columns, lines of 100) over every Java file of the
/// tree.
///
/// Started from the pom as a single-file program on the JDK that compiles Weft, because the
/// formatter parses with the javac of the JVM it runs in: inside a Maven that runs on Java 17 it
/// could not read Java 25. Files that were found good are remembered by their hash, so a build pays
/// only for what changed.
///
/// Usage: `Format check|apply <root>`.
final class Format {
    private static final String REMEDY = "mvn -N -Pformat validate";

    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        Path memory = root.resolve("target/formatted.txt");
        Set<String> known =
                Files.exists(memory) ? new HashSet<>(Files.readAllLines(memory)) : Set.of();
        TreeMap<Path, String> files = hashes(root);
        var doubtful = new ArrayList<String>();
        files.forEach(
                (file, hash) -> {
                    if (!known.contains(hash)) doubtful.add(file.toString());
                });
        if (doubtful.isEmpty()) return;
        // Twice, because a string that the first pass broke gets its indent in the second.
        boolean good =
                apply ? format(true, doubtful) && format(true, doubtful) : format(false, doubtful);
        if (!good) {
            System.err.println("Not formatted: the files above. Put them right with: " + REMEDY);
            System.exit(1);
        }
        if (apply) return;
        Files.createDirectories(memory.getParent());
        Files.write(memory, files.values());
    }

    private static boolean format(boolean apply, List<String> files) throws Exception {
        var arguments = new ArrayList<>(List.of("--aosp"));
        arguments.addAll(
                apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        arguments.addAll(files);
        var out = new PrintWriter(System.out, true);
        var err = new PrintWriter(System.err, true);
        return new Main(out, err, System.in).format(arguments.toArray(String[]::new)) == 0;
    }

    /// Every Java file of the modules (`<module>/src/**`) and of this folder, with the hash of its
    /// content.
    private static TreeMap<Path, String> hashes(Path root) throws Exception {
        var sources = new ArrayList<Path>();
        try (var folders = Files.walk(root, 3)) { // a module may have one within
            folders.filter(folder -> folder.endsWith("src"))
                    .filter(Files::isDirectory)
                    .forEach(sources::add);
        }
        sources.add(root.resolve(".mvn/format"));
        var hashes = new TreeMap<Path, String>();
        for (Path source : sources) {
            for (Path file : javaFiles(source)) {
                byte[] content = Files.readAllBytes(file);
                var digest = MessageDigest.getInstance("SHA-256").digest(content);
                hashes.put(file, HexFormat.of().formatHex(digest));
            }
        }
        return hashes;
    }

    private static List<Path> javaFiles(Path source) throws IOException {
        try (var files = Files.walk(source)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
