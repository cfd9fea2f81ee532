package io.weft.load;

import io.netty.handler.codec.http.HttpMethod;

import org.jspecify.annotations.Nullable;

/**
 * What is asked in HTTP, and what has to be answered. Immutable, but for the arrays, which nobody
 * changes.
 *
 * @param request as it is sent each time
 * @param pipeline how many requests are on their way at once
 * @param status what has to be answered; 0 for any from 200 to 399
 * @param body what has to be answered; null for anything
 * @param headBytes the most that the head of an answer may have
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpOptions(
        HttpMethod method,
        byte[] request,
        int pipeline,
        int status,
        byte @Nullable [] body,
        int headBytes) {}
