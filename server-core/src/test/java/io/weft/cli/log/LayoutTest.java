package io.weft.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** No message leaves its line, neither that of an event nor those in a stack trace. */
class LayoutTest {
    private static final String FORGED = "1\n2026-01-01 ERROR forged\u001b[2J\r\u2028x";
    private static final String SHOWN = "1\\n2026-01-01 ERROR forged\\x1b[2J\\r\\u2028x";

    private static String layout(String message, @Nullable Throwable thrown) {
        var context = new LoggerContext();
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap()
                .putAll(Map.of("line", PrintableMessage::new, "stack", PrintableStack::new));
        layout.setPattern("%level %line%n%stack");
        layout.start();
        return layout.doLayout(
                new LoggingEvent(
                        "x", context.getLogger("test"), Level.ERROR, message, thrown, null));
    }

    @Test
    void messageTakesOneLine() {
        assertThat(layout(FORGED, null)).isEqualTo("ERROR " + SHOWN + "\n");
    }

    @Test
    void messagesInTheStackTakeOneLineEach() {
        var failure = new IllegalStateException(FORGED, new NumberFormatException(FORGED));
        failure.addSuppressed(new IllegalArgumentException(FORGED));
        List<String> lines = layout("failed", failure).lines().toList();
        assertThat(lines)
                .contains("java.lang.IllegalStateException: " + SHOWN)
                .contains("Caused by: java.lang.NumberFormatException: " + SHOWN)
                .contains("\tSuppressed: java.lang.IllegalArgumentException: " + SHOWN)
                .allMatch(
                        line ->
                                line.startsWith("ERROR failed")
                                        || line.startsWith("java.lang.IllegalStateException: ")
                                        || line.startsWith("\t")
                                        || line.startsWith("Caused by: "));
        assertThat(lines).anyMatch(line -> line.startsWith("\tat io.weft.cli.log.LayoutTest"));
        assertThat(String.join("", lines).replace('\t', ' '))
                .satisfies(text -> assertThat(text.chars()).noneMatch(Character::isISOControl));
    }

    @Test
    void chainWithoutEndEnds() {
        var first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat(layout("failed", first)).contains("CIRCULAR REFERENCE");
    }
}
