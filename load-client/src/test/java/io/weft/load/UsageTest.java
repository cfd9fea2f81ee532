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
                    --report no/such/folder/page.html    | --report names a file in a folder that is there
                    ftp://localhost/                     | 'ftp://localhost/' is no target: expected HOST:PORT, or tls://
                    http://                              | 'http://' is no target: Expected authority at character 8
                    http://localhost:99999/              | expected a port from 1 to 65535
                    http://me@localhost/                 | expected http://HOST[:PORT][/PATH][?QUERY]
                    http://localhost/a{b                 | Illegal character in path at character 19
                    tls://localhost                      | a port from 0 to 65535
                    --ramp 5s --connect-rate 5           | --ramp and --connect-rate both say when to connect
                    --think 5s --rate 5                  | --think and --rate both say when to send
                    --warmup soon                        | 'soon' is no duration
                    --insecure                           | --insecure is for tls://, https:// and wss:// targets
                    http://localhost/ --size 5           | --size is for echo servers: what HTTP sends is --body
                    --method GET                         | --method is for http:// and https:// targets
                    --header a:b                         | --header is for http:// and https:// targets
                    --pipeline 2                         | --pipeline is for http:// and https:// targets
                    ws://localhost/ --no-keep-alive      | --no-keep-alive is for http:// and https:// targets
                    http://localhost/ --pipeline 0       | --pipeline is 1 to 1000, but was 0
                    http://localhost/ --pipeline 2 --no-keep-alive | --pipeline needs the keep-alive
                    http://localhost/ --pipeline 2 --think 1s | with --pipeline there is no such pause
                    http://localhost/ --method G(T       | --method is one word, but was 'G(T'
                    http://localhost/ --method CONNECT   | --method CONNECT opens a tunnel
                    http://localhost/ --header nothing   | --header is 'Name: value', but was 'nothing'
                    http://localhost/ --header a(b:c     | --header is 'Name: value', but was 'a(b:c'
                    http://localhost/ --expect-status 99 | --expect-status is 200 to 599, but was 99
                    http://localhost/ --body @no/such    | --body cannot be read from no/such
                    http://localhost/ --expect-body @no/such | --expect-body cannot be read from no/such
                    http://localhost/ --method HEAD --expect-body a | an answer to HEAD has no body
                    talk http://localhost/               | 'http://localhost/' is no target: expected HOST:PORT
                    compare a.json                       | Missing required option: '--report=FILE.html'
                    compare --report page.html           | Missing required parameter: 'FILE.json'
                    compare a b c d e f g --report page.html | at most 6 results can be told apart, but there are 7
                    compare a --report no/such/page.html | --report names a file in a folder that is there
                    """)
    void wrongUsageIsSaidInOneLine(String arguments, String message) {
        var invocation = Invocation.of(arguments.split(" "));

        assertThat(invocation.exitCode()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err().lines()).hasSize(1);
        assertThat(invocation.err()).startsWith("load-client").contains(message);
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
