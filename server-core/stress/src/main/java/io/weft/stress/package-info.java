/** Races of foreign threads with coroutines on a loop: what has to come of each, whoever wins. */
package io.weft.stress;
