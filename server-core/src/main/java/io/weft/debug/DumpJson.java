package io.weft.debug;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/** A dump for programs (RFC 8259). */
final class DumpJson {
    private DumpJson() {}

    static String of(Dump dump) {
        return "{\"loops\":" + array(dump.loops().stream().map(DumpJson::loop).toList()) + "}";
    }

    private static String loop(LoopInfo loop) {
        return "{\"name\":"
                + string(loop.name())
                + ",\"held\":"
                + loop.held()
                + ",\"running\":"
                + stack(loop.running())
                + ",\"coroutines\":"
                + array(loop.coroutines().stream().map(DumpJson::coroutine).toList())
                + "}";
    }

    private static String coroutine(CoroutineInfo one) {
        return "{\"id\":"
                + one.id()
                + ",\"name\":"
                + string(one.name())
                + ",\"parent\":"
                + (one.parentId() == 0 ? "null" : one.parentId())
                + ",\"state\":"
                + string(one.state().name())
                + ",\"thread\":"
                + one.threadId()
                + ",\"activity\":"
                + string(one.activity().name())
                + ",\"ageNanos\":"
                + one.age().toNanos()
                + ",\"waitsOn\":"
                + string(one.waitsOn())
                + ",\"stack\":"
                + stack(one.stack())
                + "}";
    }

    private static String stack(List<StackTraceElement> stack) {
        return array(stack.stream().map(frame -> string(frame.toString())).toList());
    }

    private static String array(List<String> items) {
        return items.stream().collect(Collectors.joining(",", "[", "]"));
    }

    static String string(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        var json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
