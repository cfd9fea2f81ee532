package io.weft.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Where values stand between the two ends of an axis, and which of them are written beside it.
 * Immutable.
 *
 * @param place of a value, 0 to 1
 */
record Axis(DoubleUnaryOperator place, List<Tick> ticks) {
    record Tick(double value, String label) {}

    private static final double[] STEPS = {1, 2, 5};

    /** Each nine is as long as the one before; more of them than this are no longer readable. */
    private static final int MOST_NINES = 7;

    double at(double value) {
        return Math.clamp(place.applyAsDouble(value), 0, 1);
    }

    /** From 0 to {@code highest} or somewhat more. */
    static Axis counts(double highest) {
        double step = Math.max(1, step(highest));
        return linear(Math.max(step, Math.ceil(highest / step) * step), step, Axis::compact);
    }

    /** Seconds, from 0 to exactly {@code end}. */
    static Axis time(double end) {
        double step = step(end);
        return linear(Math.max(end, 1e-3), step, value -> seconds(value, step));
    }

    private interface Format {
        String of(double value);
    }

    private static Axis linear(double end, double step, Format format) {
        var ticks = new ArrayList<Tick>();
        for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
            ticks.add(new Tick(i * step, format.of(i * step)));
        }
        return new Axis(value -> value / end, ticks);
    }

    /** Three to six steps of 1, 2 or 5 times a power of ten. */
    private static double step(double highest) {
        double rough = Math.max(highest, 1e-3) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : STEPS) {
            if (factor * power >= rough) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Latencies in microseconds, each power of ten as long as the next. */
    static Axis latency(double lowest, double highest) {
        double from = Math.max(1, roundDown(lowest));
        double to = Math.max(from * 10, roundUp(highest));
        double decades = Math.log10(to / from);
        var ticks = new ArrayList<Tick>();
        for (double power = Math.pow(10, Math.floor(Math.log10(from))); power <= to; power *= 10) {
            for (double factor : decades < 3 ? STEPS : new double[] {1}) {
                double value = factor * power;
                if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) {
                    ticks.add(new Tick(value, duration(value)));
                }
            }
        }
        return new Axis(value -> value <= from ? 0 : Math.log10(value / from) / decades, ticks);
    }

    private static double roundDown(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
        double rounded = power;
        for (double factor : STEPS) {
            rounded = factor * power <= value ? factor * power : rounded;
        }
        return rounded;
    }

    private static double roundUp(double value) {
        double down = roundDown(value);
        if (down >= value) {
            return down;
        }
        double power = Math.pow(10, Math.floor(Math.log10(down) + 1e-9));
        double factor = down / power;
        return factor < 1.5 ? 2 * power : factor < 3 ? 5 * power : 10 * power;
    }

    /** HdrHistogram's: 90, 99, 99.9 % and so on at equal distances. */
    static Axis percentiles(double highest) {
        int nines = 2;
        while (nines < MOST_NINES && 100 - highest < Math.pow(10, 2 - nines) * (1 - 1e-6)) {
            nines++;
        }
        int all = nines;
        var ticks = new ArrayList<Tick>();
        ticks.add(new Tick(0, "0%"));
        for (int i = 1; i <= nines; i++) {
            double value = 100 - Math.pow(10, 2 - i);
            ticks.add(
                    new Tick(
                            value,
                            String.format(Locale.ROOT, "%." + Math.max(0, i - 2) + "f%%", value)));
        }
        return new Axis(
                percent -> percent >= 100 ? 1 : -Math.log10((100 - percent) / 100) / all, ticks);
    }

    /** 1200 as 1.2k: there is not much room beside an axis. */
    static String compact(double value) {
        if (value >= 1e9) {
            return trimmed(value / 1e9, 1) + "G";
        }
        if (value >= 1e6) {
            return trimmed(value / 1e6, 1) + "M";
        }
        return value >= 1e4 ? trimmed(value / 1e3, 1) + "k" : trimmed(value, 1);
    }

    /** A duration given in microseconds, in the unit that suits it. */
    static String duration(double micros) {
        if (micros >= 1e6) {
            return trimmed(micros / 1e6) + " s";
        }
        return micros >= 1e3 ? trimmed(micros / 1e3) + " ms" : trimmed(micros) + " µs";
    }

    private static String seconds(double value, double step) {
        return step >= 60 ? trimmed(value / 60) + " min" : trimmed(value) + " s";
    }

    private static String trimmed(double value) {
        return trimmed(value, 3);
    }

    private static String trimmed(double value, int digits) {
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.replaceFirst("\\.0*$|(\\.\\d*?)0+$", "$1");
    }
}
