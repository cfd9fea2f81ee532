/**
 * The load client: many connections to an echo server, each sending a message, waiting for its echo
 * and comparing the two, over and over.
 *
 * <pre>
 *   LoadClient ── Flags ──▶ LoadOptions ──▶ LoadRun ──▶ Figures ──▶ Report, JsonReport
 *                                             │
 *                       Crew: threads or coroutines, one Worker each
 *                                             │
 *                 Worker: Schedule says when, Message what, Link how, Tally keeps the score
 * </pre>
 *
 * <p>The two modes share everything but {@link io.weft.load.Crew} and {@link io.weft.load.Link}:
 * who runs a worker, and what carries its bytes.
 */
@NullMarked
package io.weft.load;

import org.jspecify.annotations.NullMarked;
