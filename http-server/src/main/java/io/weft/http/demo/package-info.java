/**
 * The demo that the command serves without an application: the paths and answers of the public
 * httpbin service, which the tests of many clients know, and a few of Weft's own.
 */
@NullMarked
package io.weft.http.demo;

import org.jspecify.annotations.NullMarked;
