package io.weft.notes;

import static io.weft.Weft.spawn;
import static io.weft.Weft.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Weft;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The section on pipes to another process. */
class SubprocessNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void aWriterAndAReaderShareAPipe() throws Exception {
        Weft.run(
                () -> {
                    try (var cat =
                            Subprocess.command("cat")
                                    .stdin(Stdio.PIPE)
                                    .stdout(Stdio.PIPE)
                                    .start()) {
                        var writer =
                                spawn(
                                        () -> {
                                            try (var stdin = cat.stdin()) {
                                                for (int i = 0; i < 5; i++) {
                                                    stdin.write(
                                                            ("hi in " + i + "\n")
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8));
                                                    stdin.flush();
                                                    yieldNow();
                                                }
                                            }
                                        });
                        var reader =
                                spawn(
                                        () -> {
                                            try (var lines =
                                                    new BufferedReader(
                                                            new InputStreamReader(
                                                                    cat.stdout(),
                                                                    StandardCharsets.UTF_8))) {
                                                lines.lines().forEach(out::print);
                                            }
                                        });
                        writer.join();
                        reader.join();
                        assertThat(cat.waitFor()).isZero();
                    }
                });
        assertThat(out.lines())
                .containsExactly("hi in 0", "hi in 1", "hi in 2", "hi in 3", "hi in 4");
    }
}
