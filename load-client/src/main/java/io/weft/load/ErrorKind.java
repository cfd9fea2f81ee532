package io.weft.load;

import java.util.Locale;

/** What can go wrong, with a connection or with a message on it. */
enum ErrorKind {
    /** There was nobody to run it. */
    START("cannot start"),
    /** It was refused, or not made in time. */
    CONNECT("cannot connect"),
    /** It ended before its time. */
    BROKEN("broke off"),
    /** It was ended, since a reply was overdue. */
    TIMEOUT("no reply in time"),
    /** An answer had another status than expected. */
    STATUS("wrong status"),
    /** An answer had another body than expected. */
    BODY("wrong body"),
    /** An echo was not what had been sent. */
    ECHO("wrong echo");

    private final String words;

    ErrorKind(String words) {
        this.words = words;
    }

    /** Whether a reply came, and was wrong; else a connection could not be made, or was lost. */
    boolean isMismatch() {
        return this == STATUS || this == BODY || this == ECHO;
    }

    /** As in a report for programs. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As in a report for people. */
    @Override
    public String toString() {
        return words;
    }
}
