package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CompareTest {
    @TempDir private Path folder;

    @Test
    void resultsStandSideBySide() throws IOException {
        try (var server = ScriptedServer.echo()) {
            run(server.port(), "before");
            run(server.port(), "after");
        }

        var compared =
                Invocation.of(
                        "compare", file("before.json"), file("after.json"), "--report", page());

        assertThat(compared.exitCode()).as(compared.err()).isZero();
        assertThat(Files.readString(Path.of(page())))
                .contains("Latency over time: before", "Latency over time: after")
                .contains("<small>× ");
    }

    @Test
    void filesOfTheSameNameAreToldApart() throws IOException {
        Files.createDirectories(folder.resolve("new"));
        try (var server = ScriptedServer.echo()) {
            run(server.port(), "it");
            run(server.port(), "new/it");
        }

        Invocation.of("compare", file("it.json"), file("new/it.json"), "--report", page());

        assertThat(Files.readString(Path.of(page())))
                .contains("Latency over time: " + file("it.json"))
                .contains("Latency over time: " + file("new/it.json"));
    }

    @Test
    void aFileThatIsNotThereIsSaidInOneLine() {
        var compared = Invocation.of("compare", file("none.json"), "--report", page());

        assertThat(compared.exitCode()).isEqualTo(1);
        assertThat(compared.err().lines())
                .containsExactly("load-client compare: there is no file " + file("none.json"));
    }

    @Test
    void aFileThatIsNoResultIsSaidInOneLine() throws IOException {
        Files.writeString(Path.of(file("other.json")), "{\"target\": 5, \"connections\": {}}");

        var compared = Invocation.of("compare", file("other.json"), "--report", page());

        assertThat(compared.exitCode()).isEqualTo(1);
        assertThat(compared.err().lines())
                .containsExactly(
                        "load-client compare: "
                                + file("other.json")
                                + " is no result of --json: expected a text at target");
        assertThat(Path.of(page())).doesNotExist();
    }

    private void run(int port, String name) {
        Invocation.of(
                "127.0.0.1:" + port,
                "--connections",
                "2",
                "--messages",
                "5",
                "--json",
                file(name + ".json"));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String page() {
        return file("page.html");
    }
}
