/** What the tests of all modules share; shipped to them as server-core's test-jar. */
@NullMarked
package io.weft.testing;

import org.jspecify.annotations.NullMarked;
