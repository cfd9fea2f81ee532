package io.weft.load;

import io.weft.cli.Version;
import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The command of the {@link Conversation}. */
@Command(
        name = "talk",
        description =
                "Sends each line typed at the >> prompt and prints what comes back. Ends at"
                        + " Ctrl-D.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        footer = {
            "",
            "Examples:",
            "  load-client talk",
            "  echo hello | load-client talk localhost:8888"
        })
final class Talk implements Callable<Integer> {
    /** Someone sits and waits: not the system's two minutes. */
    private static final int CONNECT_MILLIS = 10_000;

    @Spec private @Nullable CommandSpec spec;

    @ParentCommand private @Nullable LoadClient parent;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            defaultValue = Target.DEFAULT,
            description = "the server; also :PORT, PORT, [IPV6]:PORT")
    private String target = Target.DEFAULT;

    @Override
    public Integer call() throws IOException {
        Target address = address();
        Objects.requireNonNull(parent).onStop(() -> System.exit(0));
        try (var server = new Socket()) {
            connect(server, address.lookUp().address());
            new Conversation(server, new BufferedInputStream(System.in), System.out).run();
        }
        return 0;
    }

    private Target address() {
        try {
            Target parsed = Target.parse(target);
            if (parsed.scheme() == Scheme.TCP && parsed.address() instanceof InetSocketAddress) {
                return parsed;
            }
            throw new IllegalArgumentException("'" + target + "' is no target: expected HOST:PORT");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void connect(Socket server, SocketAddress address) throws IOException {
        try {
            server.connect(address, CONNECT_MILLIS);
        } catch (IOException e) {
            throw new IOException(
                    "cannot connect to " + Addresses.format(address) + ": " + e.getMessage(), e);
        }
    }
}
