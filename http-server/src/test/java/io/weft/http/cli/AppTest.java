package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import javax.tools.ToolProvider;

/** An application with a driver of its own, in a process of its own. */
class AppTest {
    private static final String DRIVER =
            """
            package driver;

            import java.sql.*;
            import java.util.Properties;
            import java.util.logging.Logger;

            public class Driver implements java.sql.Driver {
                static {
                    try {
                        DriverManager.registerDriver(new Driver());
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }

                public Connection connect(String url, Properties info) throws SQLException {
                    if (!acceptsURL(url)) return null;
                    throw new SQLException("connected to " + url);
                }

                public boolean acceptsURL(String url) {
                    return url.startsWith("jdbc:own:");
                }

                public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
                    return new DriverPropertyInfo[0];
                }

                public int getMajorVersion() {
                    return 1;
                }

                public int getMinorVersion() {
                    return 0;
                }

                public boolean jdbcCompliant() {
                    return false;
                }

                public Logger getParentLogger() {
                    return Logger.getGlobal();
                }
            }
            """;

    private static final String APP =
            """
            import io.weft.Weft;
            import io.weft.http.*;
            import io.weft.pool.ThreadPool;
            import java.nio.file.*;
            import java.sql.*;

            public class App implements Handler, AutoCloseable {
                private final String making = context();

                static String context() {
                    return String.valueOf(
                            Thread.currentThread().getContextClassLoader()
                                    == App.class.getClassLoader());
                }

                public void handle(Request request, Response response) throws Exception {
                    String said;
                    try {
                        said = String.valueOf(DriverManager.getConnection("jdbc:own:x"));
                    } catch (SQLException e) {
                        said = e.getMessage();
                    }
                    try (var pool = new ThreadPool(1)) {
                        response.send(
                                making + " " + context() + " "
                                        + Weft.spawn(() -> context()).get() + " "
                                        + pool.apply(() -> context()) + " " + said);
                    }
                }

                public void close() throws Exception {
                    Files.writeString(Path.of(System.getProperty("java.io.tmpdir"), "closed"), context());
                }
            }
            """;

    @TempDir private Path folder;

    @BeforeEach
    void compile() throws Exception {
        Path driver = compiled("driver", "Driver", DRIVER);
        Path jar = Files.createDirectory(folder.resolve("lib")).resolve("driver.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("driver/Driver.class"));
            Files.copy(driver.resolve("driver/Driver.class"), out);
            out.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
            out.write("driver.Driver\n".getBytes(StandardCharsets.US_ASCII));
        }
        compiled("app", "App", APP);
    }

    private Path compiled(String name, String type, String source) throws IOException {
        Path file = Files.createDirectory(folder.resolve(name + "-source")).resolve(type + ".java");
        Files.writeString(file, source);
        Path classes = Files.createDirectory(folder.resolve(name));
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString(),
                                file.toString());
        assertThat(code).isZero();
        return classes;
    }

    @Test
    void libraryThatTheApplicationHasBroughtIsFoundAndTheApplicationClosed() throws Exception {
        String path = folder.resolve("app") + ":" + folder.resolve("lib") + "/*";
        var options = List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + folder);
        try (var server =
                HttpProcess.start(
                        folder,
                        List.of("-b", "127.0.0.1:0"),
                        options,
                        "--class-path",
                        path,
                        "App")) {
            assertThat(server.ask("GET / HTTP/1.0\r\n\r\n"))
                    .endsWith("\r\n\r\ntrue true true true connected to jdbc:own:x");
            assertThat(server.stop()).isZero();
        }
        assertThat(folder.resolve("closed")).hasContent("true");
    }

    @Test
    void folderOfJarsStandsForItsJars() throws Exception {
        Path lib = folder.resolve("lib");
        Path second = Files.createFile(lib.resolve("another.JAR"));
        Files.createFile(lib.resolve("notes.txt"));
        assertThat(ClassPath.entries(List.of(folder, lib.resolve("*"))))
                .containsExactly(folder, second, lib.resolve("driver.jar"));
        for (String wrong : List.of("none/*", "app/*", "none.jar")) {
            assertThatThrownBy(() -> ClassPath.entries(List.of(folder.resolve(wrong))))
                    .isInstanceOf(AppException.class)
                    .hasMessageContainingAll("there is no", "(--class-path)")
                    .hasMessageNotContaining("\n");
        }
    }
}
