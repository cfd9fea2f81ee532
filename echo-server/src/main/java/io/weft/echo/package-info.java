/** The echo server of the course notes, as a command. */
@NullMarked
package io.weft.echo;

import org.jspecify.annotations.NullMarked;
