package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --bogus                              | Unknown option: '--bogus'
                    localhost                            | a port from 0 to 65535
                    localhost:0                          | a port from 1 to 65535
                    :8888 :8889                          | Unmatched argument
                    --connections 0                      | --connections starts at 1, but was 0
                    --connections many                   | 'many' is not an int
                    --mode processes                     | expected one of [THREADS, COROUTINES]
                    --duration soon                      | 'soon' is no duration
                    --duration 0s                        | --duration is more than 0
                    --duration 5s --messages 5           | --duration and --messages
                    --messages 0                         | --messages starts at 1, but was 0
                    --size 0                             | --size starts at 1, but was 0
                    --size 16777217                      | --size goes to 16777216, but was 16777217
                    --rate 0                             | --rate starts at 1, but was 0
                    --connect-rate -1                    | --connect-rate starts at 1, but was -1
                    --timeout 0s                         | --timeout is more than 0
                    --loops 2                            | --loops is for --mode coroutines
                    --mode coroutines --loops 0          | --loops starts at 1, but was 0
                    --transport epoll                    | --transport is for --mode coroutines
                    --mode coroutines --transport pigeon | unknown transport 'pigeon'
                    unix:/run/echo                       | unix: is for --mode coroutines
                    --json no/such/folder/figures.json   | --json names a file in a folder that is there
                    """)
    void wrongUsageIsSaidInOneLine(String arguments, String message) {
        var invocation = Invocation.of(arguments.split(" "));

        assertThat(invocation.exitCode()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err().lines()).hasSize(1);
        assertThat(invocation.err()).startsWith("load-client: ").contains(message);
    }

    @Test
    void anUnknownHostIsAFailureInOneLine() {
        var invocation = Invocation.of("no-such-host.invalid:80");

        assertThat(invocation.exitCode()).isEqualTo(1);
        assertThat(invocation.err().lines())
                .containsExactly("load-client: unknown host 'no-such-host.invalid'");
    }

    @Test
    void helpHasDefaultsAndExamples() {
        var help = Invocation.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .contains(
                        "Default: localhost:8888",
                        "Default: 100",
                        "Default: threads",
                        "default: 10s")
                .contains("Examples:", "talk");
    }

    @Test
    void versionIsOneLine() {
        var version = Invocation.of("--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out().lines()).hasSize(1).first().asString().startsWith("weft ");
    }
}
