package io.weft.http.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code --class-path} names: jars, folders of classes, and as for java folders of jars. */
final class ClassPath {
    private static final String ALL = "*";

    private ClassPath() {}

    /** The jars and folders of classes; {@code lib/*} stands for all jars in {@code lib}. */
    static List<Path> entries(List<Path> named) throws AppException {
        var entries = new ArrayList<Path>();
        for (Path entry : named) {
            if (!ALL.equals(String.valueOf(entry.getFileName()))) {
                entries.add(existing(entry));
            } else {
                Path parent = entry.getParent();
                entries.addAll(jars(parent == null ? Path.of("") : parent));
            }
        }
        return entries;
    }

    private static Path existing(Path entry) throws AppException {
        if (!Files.exists(entry)) {
            throw wrong("there is no " + entry);
        }
        return entry;
    }

    private static List<Path> jars(Path folder) throws AppException {
        List<Path> jars;
        try (var files = Files.list(folder)) {
            jars = files.filter(ClassPath::isJar).sorted().toList();
        } catch (IOException e) {
            throw wrong("there is no folder " + folder);
        }
        if (jars.isEmpty()) {
            throw wrong("there is no jar in " + folder);
        }
        return jars;
    }

    private static boolean isJar(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    private static AppException wrong(String message) {
        return new AppException(AppException.NOT_LOADED, message + " (--class-path)", null);
    }
}
