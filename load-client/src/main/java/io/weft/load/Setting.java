package io.weft.load;

import io.weft.cli.Version;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What has to be known of a run to make it again. Immutable.
 *
 * @param began when it did, by the calendar
 * @param command as it was typed, quoted for a shell where it needs to be
 */
record Setting(Instant began, String command) {
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./\\[\\]-]+");

    /** Of a run that begins now. */
    static Setting now(List<String> arguments) {
        String command =
                arguments.stream()
                        .map(Setting::quoted)
                        .collect(Collectors.joining(" ", "load-client ", ""))
                        .strip();
        return new Setting(Instant.now().truncatedTo(ChronoUnit.SECONDS), command);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String weft() {
        return Version.weft();
    }

    static String java() {
        return Runtime.version() + ", " + System.getProperty("java.vm.name");
    }

    /** The machine that the client ran on. */
    static String system() {
        return System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + ", "
                + System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors";
    }
}
