package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What is called when a coroutine has ended, in the order in which it was added. Guarded by the
 * queue of those who wait for the end.
 */
final class Links<C extends Coroutine<?>> {
    private final ArrayDeque<Consumer<? super C>> waiting = new ArrayDeque<>(1);

    /** A link that is called only at one kind of end. */
    private record If<C extends Coroutine<?>>(Consumer<? super C> link, boolean successful)
            implements Consumer<C> {
        @Override
        public void accept(C ended) {
            if (ended.isSuccessful() == successful) {
                link.accept(ended);
            }
        }
    }

    static <C extends Coroutine<?>> Consumer<C> ifSuccessful(Consumer<? super C> link) {
        return new If<>(link, true);
    }

    static <C extends Coroutine<?>> Consumer<C> ifUnsuccessful(Consumer<? super C> link) {
        return new If<>(link, false);
    }

    void add(Consumer<? super C> link) {
        waiting.add(link);
    }

    /** Takes out the first that is {@code link}, with a condition or without. */
    void remove(Consumer<? super C> link) {
        for (var each = waiting.iterator(); each.hasNext(); ) {
            var known = each.next();
            if (known.equals(link) || (known instanceof If<?> some && some.link == link)) {
                each.remove();
                return;
            }
        }
    }

    /** The first, which is forgotten; null if there is none. */
    @Nullable Consumer<? super C> next() {
        return waiting.poll();
    }
}
