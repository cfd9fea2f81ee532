package io.weft.libraries;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What was seen of each library, printed when all tests have run. Any thread. */
public final class Table implements LauncherSessionListener {
    /** What is seen. */
    enum Column {
        TOTAL("all 50, ms"),
        LONGEST_GAP("ticker's longest gap, ms"),
        KILL("killed, it ends with"),
        LIMIT("Expired, caused by"),
        AFTERWARDS("afterwards");

        private final String title;

        Column(String title) {
            this.title = title;
        }
    }

    private static final Map<String, Map<Column, String>> ROWS = new TreeMap<>();

    private final PrintStream out = System.out; // as it was before any test has replaced it

    static void put(String library, Column column, Duration time) {
        put(library, column, Long.toString(time.toMillis()));
    }

    static void put(String library, Column column, String seen) {
        synchronized (ROWS) {
            ROWS.computeIfAbsent(library, _ -> new EnumMap<>(Column.class)).put(column, seen);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        synchronized (ROWS) {
            if (ROWS.isEmpty()) return;
            var head = new StringBuilder("| library |");
            var rule = new StringBuilder("| --- |");
            for (Column column : Column.values()) {
                head.append(' ').append(column.title).append(" |");
                rule.append(" --- |");
            }
            out.println(head);
            out.println(rule);
            ROWS.forEach((library, row) -> out.println(line(library, row)));
            ROWS.clear();
        }
    }

    private static String line(String library, Map<Column, String> row) {
        var line = new StringBuilder("| ").append(library).append(" |");
        for (Column column : Column.values()) {
            line.append(' ').append(row.getOrDefault(column, "")).append(" |");
        }
        return line.toString();
    }
}
