/** "Nothing to patch": blocking calls of the JDK and of ordinary clients, in coroutines. */
@NullMarked
package io.weft.blocking;

import org.jspecify.annotations.NullMarked;
