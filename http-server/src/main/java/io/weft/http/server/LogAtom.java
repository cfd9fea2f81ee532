package io.weft.http.server;

/** A part of each line of an access log. Any thread. */
@FunctionalInterface
interface LogAtom {
    void append(StringBuilder line, Answered answered);
}
