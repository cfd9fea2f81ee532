package io.weft.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class JdkTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"1.8, 8", "1.8.0_402, 8", "17.0.15, 17", "25, 25", "25.0.3, 25", "26-ea, 26"})
    void majorVersionIsRead(String version, int major) {
        assertThat(Jdk.major(version)).isEqualTo(major);
    }

    @Test
    void newestInstallationWins() throws IOException {
        install("a", "25.0.9");
        install("b", "25.0.10");
        install("c", "17.0.15");

        assertThat(Jdk.newest(25, folder.toString()).version).isEqualTo("25.0.10");
    }

    @Test
    void tooOldIsNoneAtAll() throws IOException {
        install("a", "24.0.2");

        assertThat(Jdk.newest(25, folder.toString())).isNull();
    }

    @Test
    void macBundleIsLookedInto() throws IOException {
        Path home = install("a.jdk/Contents/Home", "25");

        assertThat(Jdk.newest(25, folder.toString()).home).isEqualTo(home.toFile());
    }

    @Test
    void folderWithoutJavaIsPassedOver() throws IOException {
        Files.delete(install("a", "25").resolve("bin/java"));

        assertThat(Jdk.newest(25, folder.toString())).isNull();
    }

    @Test
    void missingFolderHoldsNothing() {
        assertThat(Jdk.newest(25, folder.resolve("none").toString())).isNull();
    }

    private Path install(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        assertThat(Files.createFile(java).toFile().setExecutable(true)).isTrue();
        return home;
    }
}
