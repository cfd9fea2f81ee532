package io.weft.debug;

import java.util.List;

/**
 * One loop as it was when it was looked at.
 *
 * @param name of {@link io.weft.Loop#name()}
 * @param held whether it did not answer, because one coroutine does not let it go; then its
 *     coroutines are not known
 * @param running the stack of what ran on it, if it was held
 * @param coroutines by age, the oldest first
 */
public record LoopInfo(
        String name,
        boolean held,
        List<StackTraceElement> running,
        List<CoroutineInfo> coroutines) {}
