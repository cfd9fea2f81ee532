package io.weft.process;

import java.io.IOException;

/** A child has ended with another exit code than 0 (Python: CalledProcessError). */
public final class FailedCommandException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Completed completed;

    FailedCommandException(Completed completed) {
        super(
                completed.command()
                        + " ended with exit code "
                        + completed.exitCode()
                        + (completed.error().isBlank() ? "" : ": " + completed.error().strip()));
        this.completed = completed;
    }

    /** What it wrote and how it ended. */
    public Completed completed() {
        return completed;
    }

    public int exitCode() {
        return completed.exitCode();
    }
}
