/**
 * Forms as bodies carry them, {@code application/x-www-form-urlencoded} and {@code
 * multipart/form-data}, read from any stream of bytes as it comes: nothing here knows of requests.
 */
@NullMarked
package io.weft.http.form;

import org.jspecify.annotations.NullMarked;
