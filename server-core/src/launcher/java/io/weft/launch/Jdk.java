package io.weft.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Properties;

/**
 * A Java installation, known by the {@code release} file that every one has carried since Java 7:
 * no process has to be started to learn its version.
 */
final class Jdk {
    private static final String HOME = System.getProperty("user.home");

    /**
     * Folders that hold installations, one folder each. Where package managers and tools put them.
     */
    private static final String[] FOLDERS = {
        "/usr/lib/jvm",
        "/usr/java",
        "/opt",
        HOME + "/.sdkman/candidates/java",
        HOME + "/.jdks",
        HOME + "/.local/share/mise/installs/java",
        "/Library/Java/JavaVirtualMachines",
        HOME + "/Library/Java/JavaVirtualMachines",
        "C:\\Program Files\\Java",
        "C:\\Program Files\\Eclipse Adoptium",
    };

    final File home;
    final String version;

    private Jdk(File home, String version) {
        this.home = home;
        this.version = version;
    }

    /**
     * JAVA_HOME if it is new enough, since someone chose it; else the newest installation found.
     *
     * @return null if there is none of at least that version
     */
    static Jdk find(int oldest) {
        String home = System.getenv("JAVA_HOME");
        Jdk chosen = home == null ? null : at(new File(home));
        boolean suits = chosen != null && major(chosen.version) >= oldest;
        return suits ? chosen : newest(oldest, FOLDERS);
    }

    static Jdk newest(int oldest, String... folders) {
        Jdk newest = null;
        for (String folder : folders) {
            File[] homes = new File(folder).listFiles(File::isDirectory);
            if (homes == null) continue;
            for (File home : homes) {
                Jdk jdk = at(home);
                if (jdk == null) jdk = at(new File(home, "Contents/Home")); // macOS bundles
                if (jdk == null || major(jdk.version) < oldest) continue;
                if (newest == null || compare(jdk.version, newest.version) > 0) newest = jdk;
            }
        }
        return newest;
    }

    /** What {@link #find} looks at, for a message. */
    static String searched() {
        String chosen = System.getenv("JAVA_HOME");
        StringBuilder places = new StringBuilder("JAVA_HOME (");
        places.append(chosen == null ? "not set" : chosen).append(')');
        for (String folder : FOLDERS) {
            if (new File(folder).isDirectory()) places.append(", ").append(folder);
        }
        return places.toString();
    }

    File java() {
        File windows = new File(home, "bin/java.exe");
        return windows.isFile() ? windows : new File(home, "bin/java");
    }

    /** 25 for {@code 25}, {@code 25.0.3}, {@code 25-ea}; 8 for {@code 1.8.0_402}. */
    static int major(String version) {
        int[] numbers = numbers(version);
        return numbers[0] == 1 && numbers.length > 1 ? numbers[1] : numbers[0];
    }

    /** Null where no installation is. */
    static Jdk at(File home) {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(home.toPath().resolve("release"))) {
            release.load(in);
        } catch (IOException | IllegalArgumentException notAnInstallation) {
            return null;
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        Jdk jdk = new Jdk(home, version);
        return version.matches("\\d.*") && jdk.java().canExecute() ? jdk : null;
    }

    private static int compare(String left, String right) {
        int[] a = numbers(left);
        int[] b = numbers(right);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int difference = Integer.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
            if (difference != 0) return difference;
        }
        return 0;
    }

    private static int[] numbers(String version) {
        String[] parts = version.replaceAll("[^0-9._].*", "").split("[._]");
        int[] numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) numbers[i] = Integer.parseInt(parts[i]);
        return numbers;
    }
}
