package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What {@link Cancellation} has to do with one coroutine, written down as sets of scopes: without
 * numbers, without threads, and without an interrupt flag. A scope is {@link #KILL} or a {@link
 * Limit}.
 */
final class ScopeModel {
    static final Object KILL = "kill";

    /** A block with a limit, and the strikes to which it has claim. */
    static final class Limit {
        final Timeout real;
        final long deadline;
        private final @Nullable Limit outer;
        private final Set<Object> claims;
        private boolean struck;

        private Limit(Timeout real, long deadline, @Nullable Limit outer, Set<Object> claims) {
            this.real = real;
            this.deadline = deadline;
            this.outer = outer;
            this.claims = new HashSet<>(claims);
        }

        boolean isStruck() {
            return struck;
        }
    }

    private final Set<Object> unheard = new LinkedHashSet<>();
    private final Set<Object> thrownByTheJdk = new LinkedHashSet<>(); // and Weft not asked since
    private boolean setAgain; // by code that caught it
    private boolean killed;
    private @Nullable Limit innermost;

    @Nullable Limit innermost() {
        return innermost;
    }

    static @Nullable Limit around(Limit limit) {
        return limit.outer;
    }

    boolean isKilled() {
        return killed;
    }

    /** Whether the next call that can be interrupted throws at once. */
    boolean isPending() {
        return setAgain || !unheard.isEmpty();
    }

    Limit open(Timeout real, long deadline) {
        thrownByTheJdk.clear();
        Object again = scopeOfNow();
        if (setAgain && unheard.isEmpty() && again != null) {
            unheard.add(again);
            setAgain = false;
        }
        innermost = new Limit(real, deadline, innermost, unheard);
        return innermost;
    }

    void strike(Object scope) {
        if (scope instanceof Limit limit) {
            limit.struck = true;
        } else {
            killed = true;
        }
        unheard.addAll(thrownByTheJdk); // the next edge cannot be told from theirs
        thrownByTheJdk.clear();
        unheard.add(scope);
        for (Limit limit = innermost; limit != null; limit = limit.outer) {
            limit.claims.add(scope);
        }
    }

    void takeBackKill() {
        if (killed) {
            killed = false;
            setAgain = false;
            unheard.remove(KILL);
            thrownByTheJdk.clear();
            for (Limit limit = innermost; limit != null; limit = limit.outer) {
                limit.claims.remove(KILL);
            }
        }
    }

    /** Code sets the interrupt. */
    void setAgain() {
        if (thrownByTheJdk.isEmpty()) {
            setAgain = true;
        } else {
            unheard.addAll(thrownByTheJdk);
            thrownByTheJdk.clear();
        }
    }

    /** A wait of Weft's begins. */
    void weftWaits() {
        thrownByTheJdk.clear();
    }

    /** A pending strike ends a call of Weft: the scope it has to name; null for nobody's. */
    @Nullable Object weftThrows() {
        Object scope = unheard.isEmpty() ? scopeOfNow() : outermost(unheard);
        unheard.remove(scope);
        setAgain = false;
        return scope;
    }

    /** A pending strike ends a call of the JDK. */
    void jdkThrows() {
        thrownByTheJdk.addAll(unheard);
        unheard.clear();
        setAgain = false;
    }

    /** The innermost block ends: whether what it throws is its own. */
    boolean close() {
        Limit limit = innermost;
        boolean own = limit.struck && outermost(limit.claims) == limit;
        innermost = limit.outer;
        if (unheard.remove(limit) || own) {
            setAgain = false; // one interrupt cannot be told from the other
        }
        if (limit.struck) {
            thrownByTheJdk.clear();
        }
        return own;
    }

    private @Nullable Object scopeOfNow() {
        Limit limit = innermost;
        while (limit != null && !limit.struck) {
            limit = limit.outer;
        }
        if (limit == null) {
            return killed ? KILL : null;
        }
        return outermost(limit.claims);
    }

    private @Nullable Object outermost(Set<Object> scopes) {
        if (scopes.contains(KILL)) {
            return KILL;
        }
        Object found = null;
        for (Limit limit = innermost; limit != null; limit = limit.outer) {
            if (scopes.contains(limit)) {
                found = limit;
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return "unheard " + unheard.size() + ", set again " + setAgain + ", killed " + killed;
    }
}
