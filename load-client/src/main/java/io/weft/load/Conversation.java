package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * The course notes' interactive client: prompts, reads a line, sends it without its end, prints
 * what comes back. Bytes are passed on as they are, so every character set works that the terminal
 * and the server agree on, but for what a terminal would obey: see {@link Harmless}. One thread's.
 */
final class Conversation {
    private static final String PROMPT = ">> ";

    /** Fits into the smallest socket buffers: a server that echoes as it reads cannot block us. */
    private static final int LONGEST_LINE = 64 * 1024;

    /**
     * A server that is no echo may answer with fewer bytes than it got: quiet for so long, it has
     * answered.
     */
    private static final int QUIET_MILLIS = 200;

    private final Socket server;
    private final InputStream input;
    private final PrintStream output;

    Conversation(Socket server, InputStream input, PrintStream output) {
        this.server = server;
        this.input = input;
        this.output = output;
    }

    /**
     * Talks until the end of the input.
     *
     * @throws IOException if the server ends the connection before
     */
    void run() throws IOException {
        for (byte[] line; (line = ask()) != null; ) {
            if (line.length > 0) {
                server.getOutputStream().write(line);
                answer(line.length);
            }
        }
        output.println();
        output.flush();
    }

    private byte @Nullable [] ask() throws IOException {
        output.print(PROMPT);
        output.flush();
        var line = new ByteArrayOutputStream();
        int next;
        while ((next = input.read()) >= 0 && next != '\n') {
            if (next != '\r') {
                line.write(next);
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException(
                        "a line is at most " + LONGEST_LINE + " bytes, but more came");
            }
        }
        return next < 0 && line.size() == 0 ? null : line.toByteArray();
    }

    /** An echo is as long as what was sent, however many pieces it comes in. */
    private void answer(int expected) throws IOException {
        var bytes = new byte[LONGEST_LINE];
        var shown = new Harmless(output);
        server.setSoTimeout(0); // people have time
        int got = 0;
        while (got < expected) {
            int n;
            try {
                n = server.getInputStream().read(bytes);
            } catch (SocketTimeoutException e) {
                break;
            }
            if (n < 0) {
                shown.end();
                throw new IOException("the server closed the connection");
            }
            shown.write(bytes, n);
            got += n;
            server.setSoTimeout(QUIET_MILLIS);
        }
        shown.end();
    }
}
