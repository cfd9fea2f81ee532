/**
 * What Weft's primitives cost, each beside the JDK's own counterpart: a class is a row of the
 * table, its methods are the contestants. All of them run in {@code ../primitives}; the gevent side
 * is {@code ../peers/gevent_primitives.py}, function by function the same programs.
 *
 * <p>A benchmark call is a whole program of many operations, run in one coroutine (Weft) or one
 * virtual thread (JDK) for which JMH's own thread waits, so that what is measured is the scheduler
 * and not the way into it.
 */
package io.weft.bench;
