/**
 * What the commands of all jars have in common: how they start, complain, print their version and
 * end. Needs picocli, which is an optional dependency of this module.
 */
@NullMarked
package io.weft.cli;

import org.jspecify.annotations.NullMarked;
