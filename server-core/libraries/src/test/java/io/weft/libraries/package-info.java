/**
 * Blocking clients that others have written, in coroutines of one loop, against servers of the
 * tests' own. Each is a {@link io.weft.libraries.Trial}; what was seen is printed at the end.
 */
@NullMarked
package io.weft.libraries;

import org.jspecify.annotations.NullMarked;
