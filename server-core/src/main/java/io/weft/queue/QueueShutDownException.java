package io.weft.queue;

/** A queue takes no more items, or has no more to give, because it was shut down. */
public final class QueueShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    QueueShutDownException(String message) {
        super(message);
    }
}
