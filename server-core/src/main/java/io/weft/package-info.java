/**
 * Coroutines on event loops: {@link io.weft.Weft} is the door, {@link io.weft.Loop} the engine.
 *
 * <pre>{@code
 * String fastest = Weft.run(() -> {
 *     var slow = Weft.spawn(() -> fetch("https://one.example"));
 *     var other = Weft.spawn(() -> fetch("https://two.example"));
 *     return slow.get() + other.get();
 * });
 * }</pre>
 *
 * <p>This package is the floor: it imports no other package of Weft, and every other one may import
 * it.
 */
@NullMarked
package io.weft;

import org.jspecify.annotations.NullMarked;
