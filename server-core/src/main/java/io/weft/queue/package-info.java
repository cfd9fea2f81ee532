/**
 * Queues that blocked coroutines and threads put into and get from, first come, first served.
 *
 * <pre>{@code
 * var jobs = new JoinableQueue<String>(10);
 * for (int i = 0; i < 3; i++) {
 *     Weft.spawn(() -> {
 *         for (String job : jobs) { // until shutdown
 *             System.out.println(job);
 *             jobs.taskDone();
 *         }
 *     });
 * }
 * jobs.put("one");
 * jobs.put("two");
 * jobs.join();
 * jobs.shutdown(false);
 * }</pre>
 *
 * <p>Every blocking call has a timed twin, which takes a {@link java.time.Duration}, and one whose
 * name begins with {@code try} and that does not block.
 */
@NullMarked
package io.weft.queue;

import org.jspecify.annotations.NullMarked;
