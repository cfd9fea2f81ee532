package io.weft.debug;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A dump for people. */
final class DumpText {
    private DumpText() {}

    static String of(Dump dump) {
        var text = new StringBuilder();
        for (LoopInfo loop : dump.loops()) {
            text.append(title(loop)).append('\n');
            appendStack(text, loop.running(), "  ");
            for (CoroutineInfo coroutine : loop.coroutines()) {
                text.append("  ").append(line(coroutine)).append('\n');
                appendStack(text, coroutine.stack(), "      ");
            }
        }
        return text.toString();
    }

    static String tree(Dump dump) {
        Map<Long, List<CoroutineInfo>> children = new LinkedHashMap<>();
        var known = new HashSet<Long>();
        dump.loops().forEach(loop -> loop.coroutines().forEach(one -> known.add(one.id())));
        for (LoopInfo loop : dump.loops()) {
            for (CoroutineInfo one : loop.coroutines()) {
                long parent = known.contains(one.parentId()) ? one.parentId() : 0;
                children.computeIfAbsent(parent, key -> new ArrayList<>()).add(one);
            }
        }
        var text = new StringBuilder();
        appendChildren(text, children, 0, "");
        return text.toString();
    }

    private static void appendChildren(
            StringBuilder text,
            Map<Long, List<CoroutineInfo>> children,
            long parent,
            String indent) {
        var level = children.getOrDefault(parent, List.of());
        for (int i = 0; i < level.size(); i++) {
            boolean last = i == level.size() - 1;
            CoroutineInfo one = level.get(i);
            text.append(indent).append(last ? "└─ " : "├─ ").append(line(one)).append('\n');
            appendChildren(text, children, one.id(), indent + (last ? "   " : "│  "));
        }
    }

    private static String title(LoopInfo loop) {
        return loop.held()
                ? loop.name() + ": held, so its coroutines are not known; it runs"
                : loop.name() + ": " + loop.coroutines().size() + " coroutines";
    }

    private static String line(CoroutineInfo one) {
        return one.title()
                + " #"
                + one.threadId()
                + " "
                + one.activity()
                + ", age "
                + seconds(one.age())
                + (one.parentId() == 0 ? "" : ", made by coroutine-" + one.parentId())
                + (one.waitsOn() == null ? "" : ", waits on " + one.waitsOn());
    }

    private static String seconds(Duration age) {
        return String.format(Locale.ROOT, "%.3f s", age.toNanos() / 1e9);
    }

    static void appendStack(StringBuilder text, List<StackTraceElement> stack, String indent) {
        for (StackTraceElement frame : stack) {
            text.append(indent).append("at ").append(frame).append('\n');
        }
    }
}
