/**
 * To see what a live process does: all its coroutines, the one that holds its loop, and a shell
 * into it.
 *
 * <pre>{@code
 * System.out.println(Dump.take().text());
 *
 * var monitor = LoopMonitor.start(Duration.ofMillis(100));
 * var backdoor = Backdoor.bind("127.0.0.1:5001");
 * }</pre>
 */
@NullMarked
package io.weft.debug;

import org.jspecify.annotations.NullMarked;
