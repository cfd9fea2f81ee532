package io.weft.load;

/**
 * What is wrong with a reply. Immutable.
 *
 * @param kind one that {@link ErrorKind#isMismatch()}
 * @param text what was expected and what came
 */
record Fault(ErrorKind kind, String text) {}
