package io.weft.http.server;

import io.weft.http.Request;
import io.weft.http.Response;

import java.time.Clock;

/**
 * What a line of an access log is made of.
 *
 * @param nanos how long the answer took
 * @param clock tells when that is, and in what time zone
 */
record Answered(Request request, Response response, long nanos, Clock clock) {}
