/**
 * What the log of the runnable jars is made of, where Logback's own parts do not do: nothing that a
 * client has said can leave its line, and nobody waits for whoever reads the log. Named in the
 * jars' logback.xml; a library's user has a log of their own. Needs Logback, which is an optional
 * dependency of this module.
 */
@NullMarked
package io.weft.cli.log;

import org.jspecify.annotations.NullMarked;
