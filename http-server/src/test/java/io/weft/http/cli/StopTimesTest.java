package io.weft.http.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.Termination;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Who looks after the server, as shipped, kills it only when it should have ended by itself. */
class StopTimesTest {
    private static final Path DOCKER = Path.of("../docker");
    private static final Duration PATIENCE = patience();

    /** What the command's own default is. */
    private static Duration patience() {
        String text =
                new CommandLine(new HttpCommand())
                        .getCommandSpec()
                        .findOption("--graceful-timeout")
                        .defaultValue();
        return Duration.ofSeconds(Integer.parseInt(text.replace("s", "")));
    }

    private static Duration found(String file, String pattern) throws IOException {
        var match = Pattern.compile(pattern).matcher(Files.readString(DOCKER.resolve(file)));
        assertThat(match.find()).as("%s in %s", pattern, file).isTrue();
        return Duration.ofSeconds(Integer.parseInt(match.group(1)));
    }

    private static void assertEnough(Duration given) {
        assertThat(given).isGreaterThan(PATIENCE.plus(Termination.MARGIN));
    }

    @Test
    void systemd() throws Exception {
        assertEnough(found("weft.service", "TimeoutStopSec=(\\d+)"));
    }

    @Test
    void supervisor() throws Exception {
        assertEnough(found("supervisord.conf", "stopwaitsecs = (\\d+)"));
    }

    @Test
    void compose() throws Exception {
        assertEnough(found("compose.yaml", "stop_grace_period: (\\d+)s"));
    }

    @Test
    void kubernetes() throws Exception {
        Duration before = found("kubernetes.yaml", "sleep: \\{ seconds: (\\d+) }");
        assertEnough(
                found("kubernetes.yaml", "terminationGracePeriodSeconds: (\\d+)").minus(before));
    }
}
