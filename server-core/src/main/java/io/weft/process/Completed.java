package io.weft.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a child ended and what it wrote (Python: CompletedProcess). What was not piped is empty. Any
 * thread.
 */
public final class Completed {
    private final List<String> command;
    private final int exitCode;
    private final byte[] output;
    private final byte[] error;

    Completed(List<String> command, int exitCode, byte[] output, byte[] error) {
        this.command = command;
        this.exitCode = exitCode;
        this.output = output;
        this.error = error;
    }

    public List<String> command() {
        return command;
    }

    /** 0 for success; 128 and the signal's number if a signal ended it. */
    public int exitCode() {
        return exitCode;
    }

    /** Its standard output, read as UTF-8. */
    public String output() {
        return output(StandardCharsets.UTF_8);
    }

    /** Its standard output in another charset. */
    public String output(Charset charset) {
        return new String(output, charset);
    }

    /** Its standard output as it is. */
    public byte[] outputBytes() {
        return output.clone();
    }

    /** Its standard error, read as UTF-8. */
    public String error() {
        return new String(error, StandardCharsets.UTF_8);
    }

    /** Its standard error as it is. */
    public byte[] errorBytes() {
        return error.clone();
    }

    /**
     * This, if the exit code is 0.
     *
     * @throws FailedCommandException if it is another
     */
    public Completed check() throws FailedCommandException {
        if (exitCode != 0) {
            throw new FailedCommandException(this);
        }
        return this;
    }

    @Override
    public String toString() {
        return command + " ended with exit code " + exitCode;
    }
}
