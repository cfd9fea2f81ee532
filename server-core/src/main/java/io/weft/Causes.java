package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is behind an exception that somebody else has made: a chain that may lead back to itself, or
 * fail when it is asked. Any thread.
 */
public final class Causes {
    /** Far more than wrappers come to, and no work even if each failure has them. */
    private static final int MOST = 64;

    private Causes() {}

    /** {@code e}, its cause, the cause of that and so on; empty for null, and never without end. */
    public static List<Throwable> of(@Nullable Throwable e) {
        var chain = new ArrayList<Throwable>(4);
        for (Throwable t = e; t != null && chain.size() < MOST; t = cause(t)) {
            chain.add(t);
        }
        return chain;
    }

    /** Whether {@code e} or something behind it is of that kind. */
    public static boolean match(@Nullable Throwable e, Predicate<? super Throwable> kind) {
        return of(e).stream().anyMatch(kind);
    }

    /** The first of that type among {@code e} and what is behind it; null if there is none. */
    public static <T extends Throwable> @Nullable T find(@Nullable Throwable e, Class<T> type) {
        for (Throwable t : of(e)) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    private static @Nullable Throwable cause(Throwable e) {
        try {
            return e.getCause();
        } catch (Throwable broken) {
            return null;
        }
    }
}
