package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

/** Calls of the command against an HTTP server of a test, and what may come of them. */
record HttpLoad(Mode mode) {
    /** A call with {@code options}, which blanks part, and {@code more}, which may have blanks. */
    Invocation load(ScriptedServer server, String options, String... more) {
        var common = Stream.of(url(server), "--mode", mode.toString());
        var all = Stream.concat(common, Stream.of(options.split(" ")));
        return Invocation.of(Stream.concat(all, Stream.of(more)).toArray(String[]::new));
    }

    static String url(ScriptedServer server) {
        return "http://127.0.0.1:" + server.port() + "/path?a=b";
    }

    /** So many answers, all of them right. */
    static void assertGood(Invocation load, int answers) {
        assertThat(load.exitCode()).as(load.out() + load.err()).isZero();
        assertThat(load.line("messages")).startsWith("messages     " + answers + " in ");
        assertThat(load.line("mismatches")).isEqualTo("mismatches   0");
    }

    /** So many wrong answers. */
    static void assertBad(Invocation load, int mismatches, String first) {
        assertThat(load.exitCode()).isEqualTo(1);
        assertThat(load.line("mismatches")).isEqualTo("mismatches   " + mismatches);
        assertThat(load.out()).contains(", " + first);
    }

    /** Connections that failed: how many, and why. */
    static void assertBroken(Invocation load, String reason) {
        assertThat(load.exitCode()).as(load.err()).isEqualTo(1);
        assertThat(load.out()).contains("             " + reason);
    }
}
