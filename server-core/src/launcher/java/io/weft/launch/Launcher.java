package io.weft.launch;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Runs the jar's command on a Java that is new enough: this one, or a newer one of this machine.
 *
 * <p>The command is the class that the jar's manifest names in {@code Weft-Main}. On Java {@value
 * #OLDEST} or newer its {@code main} is called right here. On an older one the jar is started again
 * in a child process on the JDK that {@link Jdk#find} names, see {@link Relaunch}. Where there is
 * none, one line on stderr says so and the exit code is 1.
 */
public final class Launcher {
    static final int OLDEST = 25;

    private static final String RELAUNCHED = "weft.relaunched";

    private Launcher() {}

    public static void main(String[] args) throws Throwable {
        File jar = jar();
        String current = System.getProperty("java.specification.version");
        String parent = System.getProperty(RELAUNCHED);
        if (Jdk.major(current) >= OLDEST) {
            if (parent != null) Parent.endWith(parent);
            call(weftMain(jar), args);
            return;
        }
        // A JDK whose release file lies about its version would have us start each other for ever.
        Jdk newer = parent == null ? Jdk.find(OLDEST) : null;
        if (newer == null) {
            throw refuse(
                    String.format(
                            "Weft needs Java %d or newer, this is Java %s (%s), and none was found"
                                    + " in %s: install a JDK %1$d or set JAVA_HOME to one.",
                            OLDEST, current, System.getProperty("java.home"), Jdk.searched()));
        }
        if (Relaunch.hasSockets(System.getenv("LISTEN_PID"))) {
            throw refuse(
                    String.format(
                            "The sockets of systemd (LISTEN_FDS) cannot be passed on from Java %s"
                                    + " to another: start this jar by %s.",
                            current, newer.java()));
        }
        String mark = "-D" + RELAUNCHED + "=" + Parent.ownPid();
        List<String> command = Relaunch.command(newer, jar, mark, args);
        System.exit(Relaunch.run(command));
    }

    private static void call(String name, String[] args) throws Throwable {
        Method main;
        try {
            main = Class.forName(name).getMethod("main", String[].class);
        } catch (ClassNotFoundException missing) {
            throw refuse("This jar was built without its main class, " + name + ".");
        }
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static File jar() throws Exception {
        File jar =
                new File(
                        Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (jar.isFile()) return jar;
        throw refuse("The launcher starts jars; from classes, run the main class itself.");
    }

    private static String weftMain(File file) throws IOException {
        try (JarFile jar = new JarFile(file)) {
            String name = jar.getManifest().getMainAttributes().getValue("Weft-Main");
            if (name != null) return name;
        }
        throw refuse(file + " names no Weft-Main in its manifest: nothing to start.");
    }

    /**
     * Never returns: what is declared lets callers {@code throw} it, so the compiler sees the end.
     */
    private static Error refuse(String message) {
        System.err.println(message);
        System.exit(1);
        return new AssertionError(message);
    }
}
