/**
 * What coroutines tell and allow one another, on one loop or across loops and plain threads.
 *
 * <pre>{@code
 * var ready = new Event();
 * var atMostTwo = new Semaphore(2);
 * Weft.spawn(() -> {
 *     ready.await();
 *     try (var _ = atMostTwo.hold()) {
 *         System.out.println("one of two");
 *     }
 * });
 * ready.set();
 * }</pre>
 *
 * <p>Every blocking call has a timed twin, which takes a {@link java.time.Duration}, and one that
 * does not block. Who waits first is served first, and nobody who comes later takes it away.
 */
@NullMarked
package io.weft.sync;

import org.jspecify.annotations.NullMarked;
