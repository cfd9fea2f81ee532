package io.weft.http.server;

import java.util.ArrayList;
import java.util.List;

/**
 * How the lines of an access log look, in gunicorn's notation (access-logformat), compiled once.
 * Immutable.
 *
 * <table>
 * <caption>The atoms</caption>
 * <tr><td>{@code %(h)s}<td>address of the client
 * <tr><td>{@code %(l)s}<td>{@code -}
 * <tr><td>{@code %(u)s}<td>user, of basic authentication; not checked; a blank is {@code \x20}
 * <tr><td>{@code %(t)s}<td>time, {@code [21/Nov/2026:06:41:03 +0000]}
 * <tr><td>{@code %(r)s}<td>request line, {@code GET /a?b=c HTTP/1.1}
 * <tr><td>{@code %(m)s %(U)s %(q)s %(H)s}<td>its method, path, query and protocol
 * <tr><td>{@code %(s)s}<td>status; 499 where the client had gone before it was answered (as nginx
 *     has it), 000 where the server gave no answer (as nginx and pywsgi)
 * <tr><td>{@code %(B)s %(b)s}<td>bytes of body sent; the second has {@code -} for none
 * <tr><td>{@code %(f)s %(a)s}<td>Referer and User-Agent
 * <tr><td>{@code %(T)s %(M)s %(D)s}<td>time taken in whole seconds, in ms, in µs
 * <tr><td>{@code %(L)s}<td>the same as {@code 0.000123} seconds
 * <tr><td>{@code %(X)s}<td>{@code X} if the client was cut or had gone before all was out, else
 * {@code +} (Apache)
 * <tr><td>{@code %(p)s}<td>process id, {@code <1234>}
 * <tr><td>{@code %({x}i)s %({x}o)s}<td>a header of the request, of the response
 * <tr><td>{@code %({x}e)s}<td>an attribute of the request, or an entry of its WSGI environ
 * </table>
 *
 * What is not known is {@code -}; a percent sign is {@code %%}.
 *
 * <p>Differences from gunicorn: an unknown atom is refused, not printed as {@code -}; the path is
 * as it came, not decoded; a header that came several times is shown whole.
 */
public final class LogFormat {
    /** pywsgi's: address, time, request line, status, bytes, seconds. */
    public static final LogFormat PYWSGI =
            new LogFormat(
                    List.of(
                            LogAtoms.named("h"),
                            literal(" - - ["),
                            new LogTime("uuuu-MM-dd HH:mm:ss"),
                            literal("] \""),
                            LogAtoms.named("r"),
                            literal("\" "),
                            LogAtoms.named("s"),
                            literal(" "),
                            LogAtoms.named("b"),
                            literal(" "),
                            LogAtoms.named("L")));

    /** Apache's common log format. */
    public static final LogFormat COMMON = of("%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s");

    /** Apache's combined log format, gunicorn's default. */
    public static final LogFormat COMBINED =
            of("%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"");

    private final List<LogAtom> atoms;

    private LogFormat(List<LogAtom> atoms) {
        this.atoms = List.copyOf(atoms);
    }

    /**
     * The format that {@code pattern} describes.
     *
     * @throws IllegalArgumentException if it is malformed or has an unknown atom
     */
    public static LogFormat of(String pattern) {
        var atoms = new ArrayList<LogAtom>();
        var text = new StringBuilder();
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c != '%') {
                text.append(c);
            } else if (pattern.startsWith("%%", at)) {
                text.append('%');
                at++;
            } else {
                int close = pattern.indexOf(')', at);
                if (!pattern.startsWith("%(", at) || !hasConversion(pattern, close)) {
                    throw new IllegalArgumentException(
                            "expected %(atom)s, or %% for a percent sign, at '"
                                    + pattern.substring(at)
                                    + "'");
                }
                atoms.add(literal(text.toString()));
                text.setLength(0);
                atoms.add(LogAtoms.named(pattern.substring(at + 2, close)));
                at = close + 1;
            }
        }
        atoms.add(literal(text.toString()));
        return new LogFormat(atoms);
    }

    private static boolean hasConversion(String pattern, int close) {
        return close >= 0
                && (pattern.startsWith("s", close + 1) || pattern.startsWith("d", close + 1));
    }

    private static LogAtom literal(String text) {
        return (line, answered) -> line.append(text);
    }

    /** One line, without its end, in ASCII without control characters but for the format's own. */
    StringBuilder line(Answered answered) {
        var line = new StringBuilder(160);
        for (LogAtom atom : atoms) {
            atom.append(line, answered);
        }
        return line;
    }
}
