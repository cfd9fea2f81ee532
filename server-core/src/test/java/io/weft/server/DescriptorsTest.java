package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.weft.LoopGroup;
import io.weft.Transport;
import io.weft.process.Stdio;
import io.weft.process.Subprocess;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server without a descriptor left to accept with: one in a process of its own, to which the
 * kernel gives few. By hand it is done in {@link AcceptorTest}.
 */
@DisabledOnOs(OS.WINDOWS)
class DescriptorsTest {
    /** Of a server at rest some 80 are in use, most of them jars. */
    private static final int DESCRIPTORS = 192;

    private static final int CONNECTIONS = DESCRIPTORS + 40;
    private static final Pattern PORT = Pattern.compile("listens on (\\d+)");
    private static final Pattern TICK_OR_PAUSE =
            Pattern.compile(
                    "tick|accepting on .* pauses for (\\d+) ms: .*(?i:too many open files).*");
    private static final int TICKS = 5;

    @Test
    void whoFindsNoDescriptorWaitsAndIsServedWhenThereIsOne() throws Exception {
        try (var child = startChild()) {
            var sockets = new ArrayList<Socket>();
            try {
                var output =
                        new BufferedReader(
                                new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
                int port = Integer.parseInt(awaitLine(output, PORT).group(1));
                for (int i = 0; i < CONNECTIONS; i++) {
                    sockets.add(Served.connect(port));
                    Served.send(sockets.getLast(), greeting(i));
                }

                assertPausesGrow(pausesUpToTheLongest(output));
                assertThat(served(sockets)).isBetween(1, DESCRIPTORS);

                for (int i = 0; i < CONNECTIONS; i++) {
                    String greeting = greeting(i);
                    assertThat(Served.received(sockets.get(i), greeting.length()))
                            .isEqualTo(greeting);
                    sockets.get(i).close(); // a descriptor for one that waits
                }
                sockets.add(Served.connect(port));
                assertThat(Served.ask(sockets.getLast(), "afterwards")).isEqualTo("afterwards");
            } finally {
                for (var socket : sockets) {
                    socket.close();
                }
                child.kill();
            }
        }
    }

    private static String greeting(int number) {
        return "hello " + number;
    }

    /** One failure for each pause: a loop that spun would have had thousands. */
    private static void assertPausesGrow(List<Integer> pauses) {
        assertThat(pauses).hasSizeLessThan(30);
        // a descriptor that was let go meanwhile, by a class loader for one, lets it begin anew
        assertThat(pauses.subList(pauses.lastIndexOf(10), pauses.size()))
                .startsWith(10, 20, 40, 80, 160, 320, 640, 1000);
    }

    /** And those of the second after. */
    private static List<Integer> pausesUpToTheLongest(BufferedReader output) throws IOException {
        var pauses = new ArrayList<Integer>();
        for (int ticks = 0; ticks < TICKS; ) {
            var line = awaitLine(output, TICK_OR_PAUSE);
            if (line.group(1) != null) {
                pauses.add(Integer.parseInt(line.group(1)));
            } else if (pauses.contains(1000)) {
                ticks++;
            }
        }
        return pauses;
    }

    private static Matcher awaitLine(BufferedReader output, Pattern wanted) throws IOException {
        for (String line; (line = output.readLine()) != null; ) {
            var matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new AssertionError("the server has ended without a line like " + wanted);
    }

    private static int served(List<Socket> sockets) throws IOException {
        int served = 0;
        for (var socket : sockets) {
            served += socket.getInputStream().available() > 0 ? 1 : 0;
        }
        return served;
    }

    private static Subprocess startChild() throws Exception {
        var limited = List.of("sh", "-c", "ulimit -n $0 && exec \"$@\"", "" + DESCRIPTORS);
        var java = new ArrayList<>(ChildJvm.command(Child.class));
        java.add(1, "-D" + Transport.PROPERTY + "=" + Transport.preferred());
        return Subprocess.command(Stream.concat(limited.stream(), java.stream()).toList())
                .stdout(Stdio.PIPE)
                .start();
    }

    static final class Child {
        public static void main(String[] arguments) throws Exception {
            try (var group = LoopGroup.create(1);
                    var server =
                            StreamServer.builder(Served::echo)
                                    .listen("127.0.0.1:0")
                                    .group(group)
                                    .bind()) {
                rehearse(group, server);
                Thread.ofPlatform().daemon().start(Child::tick);
                System.out.println("listens on " + Served.port(server));
                server.serveForever();
            }
        }

        private static void tick() {
            while (true) {
                LockSupport.parkNanos(200_000_000);
                System.out.println("tick");
            }
        }

        /** Without a descriptor no class can be loaded from a folder, as those of tests are. */
        private static void rehearse(LoopGroup group, StreamServer server) throws Exception {
            try (var socket = Served.connect(Served.port(server))) {
                Served.ask(socket, "hello");
            }
            var listener = new EmbeddedChannel();
            group.next()
                    .call(
                            () -> {
                                new Acceptor(group.next(), listener, () -> true, _ -> {})
                                        .exceptionCaught(null, new IOException("a rehearsal"));
                                return null;
                            });
        }
    }
}
