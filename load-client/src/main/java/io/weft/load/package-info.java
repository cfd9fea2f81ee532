/**
 * The load client: many connections to a server, each sending a message, waiting for its reply and
 * checking it, over and over.
 *
 * <pre>
 *   LoadClient ── Flags ──▶ LoadOptions ──▶ LoadRun ──▶ Outcome ──▶ Report, JsonReport
 *                                             │
 *                       Crew: threads or coroutines, one Worker each
 *                                             │
 *              Worker: Schedule says when, Dialogue what, Tally keeps the score
 *                      of the messages that are in Flight; Waiting ends what takes too long
 *                                             │
 *   EchoDialogue ──▶ Link: bytes       HttpDialogue, WebSocketDialogue ──▶ Pipe ──▶ Inlet: messages
 * </pre>
 *
 * <p>Each message that is due in the measured time ends up in the {@link io.weft.load.Tally}
 * exactly once: replied, not answered or not sent. What servers say comes out as {@link
 * io.weft.load.Printable}.
 *
 * <p>The two modes share everything but {@link io.weft.load.Crew}, {@link io.weft.load.Link} and
 * {@link io.weft.load.Pipe}: who runs a worker, and what carries its bytes. A pipe has Netty's
 * codecs in it: on the hub of a coroutine's loop, or in the thread itself.
 */
@NullMarked
package io.weft.load;

import org.jspecify.annotations.NullMarked;
