package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a generator yields, one value ahead. Used by one thread. */
final class GeneratorIterator<O extends @Nullable Object> implements Iterator<O> {
    private final Generator<?, O> generator;
    private @Nullable O next;
    private boolean ahead;

    GeneratorIterator(Generator<?, O> generator) {
        this.generator = generator;
    }

    @Override
    public boolean hasNext() {
        if (!ahead) {
            try {
                next = generator.next();
                ahead = true;
            } catch (Generator.Ended e) {
                return false;
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                var cancelled = new CancellationException("waiting for a yield: " + e.getMessage());
                cancelled.initCause(e);
                throw cancelled;
            }
        }
        return true;
    }

    @Override
    @SuppressWarnings("NullAway") // null only where O allows it
    public O next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generator has ended");
        }
        O value = next;
        next = null;
        ahead = false;
        return value;
    }
}
