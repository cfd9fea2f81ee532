package io.weft.http.wsgi;

import io.weft.Printable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Writer;

/**
 * What applications write to {@code wsgi.errors}: each line goes to the log. Any thread; lines that
 * several write bit by bit at once mix, as they do in Python.
 */
final class Errors extends Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    /** A line that does not end is logged in pieces of this size. */
    private static final int LONGEST = 8192;

    private final StringBuilder line = new StringBuilder(); // guarded by itself

    @Override
    public void write(char[] characters, int offset, int length) {
        synchronized (line) {
            for (int i = offset; i < offset + length; i++) {
                if (characters[i] == '\n') {
                    end();
                } else {
                    line.append(characters[i]);
                    if (line.length() >= LONGEST) {
                        end();
                    }
                }
            }
        }
    }

    private void end() {
        LOG.error("{}", Printable.escaped(line.toString())); // a client may have said it
        line.setLength(0);
    }

    @Override
    public void flush() {
        synchronized (line) {
            if (!line.isEmpty()) {
                end();
            }
        }
    }

    @Override
    public void close() {
        flush();
    }
}
