/**
 * Many coroutines as one: {@link io.weft.pool.Group} keeps them together, {@link io.weft.pool.Pool}
 * limits how many run at once, {@link io.weft.pool.ThreadPool} runs what would hold its loop on
 * threads instead.
 *
 * <pre>{@code
 * var pool = new Pool(20);
 * for (String page : pool.imapUnordered(urls, url -> fetch(url))) {
 *     System.out.println(page.length());
 * }
 * }</pre>
 */
@NullMarked
package io.weft.pool;

import org.jspecify.annotations.NullMarked;
