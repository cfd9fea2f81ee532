package io.weft.process;

/** Where one of a child's three streams goes. */
public enum Stdio {
    /** To the parent, which reads or writes it here (Python: PIPE). */
    PIPE,
    /** The parent's own stream (Python: None, the default). */
    INHERIT,
    /** Nowhere: reads end at once, what is written is lost (Python: DEVNULL). */
    NULL,
    /** To where the standard output goes; for the standard error only (Python: STDOUT). */
    MERGE
}
