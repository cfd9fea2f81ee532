/** What the tests of HTTP stand on. */
@NullMarked
package io.weft.http.testing;

import org.jspecify.annotations.NullMarked;
