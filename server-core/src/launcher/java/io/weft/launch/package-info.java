/**
 * The main class of the runnable jars: finds a Java that can run Weft, then steps aside.
 *
 * <p>Compiled for Java 8, so that an old {@code java} gets an answer better than {@code
 * UnsupportedClassVersionError}. It may therefore use nothing of Weft's nor of the libraries.
 */
package io.weft.launch;
