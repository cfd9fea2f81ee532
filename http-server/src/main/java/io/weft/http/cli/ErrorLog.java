package io.weft.http.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file in place of standard error, for the server's log and whatever else is written there
 * (gunicorn: error-logfile with capture-output). Written at once, so that the last words of a
 * server that dies are in it. Any thread.
 */
final class ErrorLog extends OutputStream {
    private final Path path;
    private final PrintStream before = System.err;
    private OutputStream out; // guarded by this

    private ErrorLog(Path path) throws IOException {
        this.path = path;
        this.out = open(path);
    }

    /**
     * Appends to {@code path} from now on.
     *
     * @throws IOException if it cannot be opened
     */
    static ErrorLog to(Path path) throws IOException {
        try {
            var log = new ErrorLog(path);
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            return log;
        } catch (IOException e) {
            throw new IOException("cannot write to " + path + " (--error-logfile)", e);
        }
    }

    private static OutputStream open(Path path) throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /**
     * Opens the file by its name again, after it was moved away; if it cannot, the old one stays.
     */
    synchronized void reopen() throws IOException {
        OutputStream old = out;
        out = open(path);
        old.close();
    }

    @Override
    public synchronized void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public synchronized void close() throws IOException {
        System.setErr(before);
        out.close();
    }
}
