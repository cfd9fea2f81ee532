package io.weft.queue;

import org.jspecify.annotations.Nullable;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;

/** A heap that keeps the order of equal items. Guarded by its queue. */
final class StableHeap<E> extends AbstractQueue<E> {
    private record Entry<E>(E item, long number) {}

    private final PriorityQueue<Entry<E>> entries;
    private long added;

    StableHeap(Comparator<? super E> order) {
        entries =
                new PriorityQueue<>(
                        Comparator.<Entry<E>, E>comparing(Entry::item, order)
                                .thenComparingLong(Entry::number));
    }

    @Override
    public boolean offer(E item) {
        return entries.offer(new Entry<>(item, added++));
    }

    @Override
    public @Nullable E poll() {
        Entry<E> entry = entries.poll();
        return entry == null ? null : entry.item();
    }

    @Override
    public @Nullable E peek() {
        Entry<E> entry = entries.peek();
        return entry == null ? null : entry.item();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Iterator<E> iterator() {
        return entries.stream().map(Entry::item).iterator();
    }
}
