package io.weft.cli.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

import io.weft.Printable;

import org.jspecify.annotations.Nullable;

/**
 * The stack trace, a line for each frame and no more: the messages in it, of the exception and of
 * those behind it, take one line each (Logback: {@code %ex}).
 */
public final class PrintableStack extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        return super.throwableProxyToString(new Quiet(thrown));
    }

    /** The same, in words that can be printed. */
    private record Quiet(IThrowableProxy thrown) implements IThrowableProxy {
        @Override
        public @Nullable String getMessage() {
            String message = thrown.getMessage();
            return message == null ? null : Printable.of(message);
        }

        @Override
        public @Nullable String getOverridingMessage() {
            String message = thrown.getOverridingMessage();
            return message == null ? null : Printable.of(message);
        }

        @Override
        public String getClassName() {
            return Printable.of(thrown.getClassName());
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return thrown.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return thrown.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            IThrowableProxy cause = thrown.getCause();
            return cause == null ? null : new Quiet(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            IThrowableProxy[] suppressed = thrown.getSuppressed();
            var quiet = new IThrowableProxy[suppressed == null ? 0 : suppressed.length];
            for (int i = 0; i < quiet.length; i++) {
                quiet[i] = new Quiet(suppressed[i]);
            }
            return quiet;
        }

        @Override
        public boolean isCyclic() {
            return thrown.isCyclic();
        }
    }
}
