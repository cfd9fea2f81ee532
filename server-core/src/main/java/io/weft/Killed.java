package io.weft;

/**
 * How a kill is delivered; a timeout that expires at the same time must not take it for its own.
 */
final class Killed extends InterruptedException {
    private static final long serialVersionUID = 1L;

    Killed(String message) {
        super(message);
    }
}
