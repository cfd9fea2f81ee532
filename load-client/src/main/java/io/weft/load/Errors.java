package io.weft.load;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What went wrong, and how often. A server says why in its own words, and need not say the same
 * twice: beyond {@value #MOST} of them the rest is counted together. Any thread.
 */
final class Errors {
    /** So many different reasons are told apart. */
    static final int MOST = 100;

    /** What the others are counted as. */
    static final String OTHER = "other reasons";

    /**
     * An error by its kind and its reason. Immutable.
     *
     * @param reason empty where the kind says it all
     */
    record Cause(ErrorKind kind, String reason) implements Comparable<Cause> {
        private static final Comparator<Cause> ORDER =
                Comparator.comparing(Cause::kind).thenComparing(Cause::reason);

        @Override
        public int compareTo(Cause other) {
            return ORDER.compare(this, other);
        }

        /** As in a report for people. */
        @Override
        public String toString() {
            return reason.isEmpty() ? kind.toString() : kind + ": " + reason;
        }
    }

    private final Map<Cause, Long> counts = new TreeMap<>(); // guarded by itself

    /**
     * @param reason may hold what a server has said: it is kept as {@link Printable}
     */
    void count(ErrorKind kind, String reason) {
        add(new Cause(kind, Printable.of(reason)), 1);
    }

    private void add(Cause key, long count) {
        synchronized (counts) {
            boolean room = counts.size() < MOST || counts.containsKey(key);
            counts.merge(room ? key : new Cause(key.kind, OTHER), count, Long::sum);
        }
    }

    /** Adds all that others have counted. */
    void addAll(Errors others) {
        others.counts().forEach(this::add);
    }

    /** How often each came, ordered by kind. */
    Map<Cause, Long> counts() {
        synchronized (counts) {
            return new TreeMap<>(counts);
        }
    }
}
