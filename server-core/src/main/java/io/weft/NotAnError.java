package io.weft;

/**
 * An exception by which what happens every day is told, as that a peer has gone: nobody did wrong,
 * and nobody need look into it. A coroutine that ends by one, asked for or not, has its line for
 * debugging only (gevent: Hub.NOT_ERROR).
 */
public interface NotAnError {}
