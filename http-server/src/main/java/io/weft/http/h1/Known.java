package io.weft.http.h1;

import io.netty.handler.codec.DefaultHeaders.NameValidator;
import io.netty.handler.codec.DefaultHeaders.ValueValidator;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

import java.util.Locale;

/**
 * Names and values that most messages have, as Netty likes them: their hash is known, and they are
 * bytes already. An {@link AsciiString} in a response's fields is always one of the server's own
 * constants, so that only what the application made up is checked (RFC 9110 section 5.5). Any
 * thread.
 */
final class Known {
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final AsciiString LOCATION = AsciiString.cached("Location");
    private static final AsciiString SET_COOKIE = AsciiString.cached("Set-Cookie");
    private static final AsciiString CACHE_CONTROL = AsciiString.cached("Cache-Control");
    private static final AsciiString ETAG = AsciiString.cached("ETag");
    private static final AsciiString HOST = AsciiString.cached("Host");
    private static final AsciiString COOKIE = AsciiString.cached("Cookie");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("X-Forwarded-Proto");

    private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");
    private static final AsciiString HTML = AsciiString.cached("text/html; charset=utf-8");
    private static final AsciiString JSON = AsciiString.cached("application/json");

    /** A field is bytes (RFC 9110 section 5.5). */
    private static final char LAST_CHARACTER = 0xff;

    private static final DefaultHttpHeadersFactory CHECKING =
            DefaultHttpHeadersFactory.headersFactory();
    private static final NameValidator<CharSequence> NAMES = CHECKING.getNameValidator();
    private static final ValueValidator<CharSequence> VALUES = CHECKING.getValueValidator();
    private static final DefaultHttpHeadersFactory FIELDS =
            CHECKING.withNameValidator(Known::checkName).withValueValidator(Known::checkValue);

    private Known() {}

    /** Empty fields of a response. */
    static HttpHeaders newFields() {
        return FIELDS.newHeaders();
    }

    private static void checkName(CharSequence name) {
        if (!(name instanceof AsciiString)) {
            NAMES.validateName(name);
        }
    }

    private static void checkValue(CharSequence value) {
        if (value instanceof AsciiString) {
            return;
        }
        VALUES.validate(value);
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > LAST_CHARACTER) { // it would be sent as a question mark
                throw new IllegalArgumentException(
                        "expected characters up to U+00FF in a field's value, but got U+"
                                + Integer.toHexString(value.charAt(i)).toUpperCase(Locale.ROOT)
                                + " at index "
                                + i
                                + "; other text has to be encoded (RFC 8187, RFC 3986)");
            }
        }
    }

    /** The same name, as one of the constants if it is one. */
    static CharSequence name(String name) {
        return switch (name) {
            case "Content-Type" -> CONTENT_TYPE;
            case "Content-Length" -> CONTENT_LENGTH;
            case "Location" -> LOCATION;
            case "Set-Cookie" -> SET_COOKIE;
            case "Cache-Control" -> CACHE_CONTROL;
            case "ETag" -> ETAG;
            case "Host" -> HOST;
            case "Cookie" -> COOKIE;
            case "X-Forwarded-For" -> FORWARDED_FOR;
            case "X-Forwarded-Proto" -> FORWARDED_PROTO;
            default -> name;
        };
    }

    /** The same value, as one of the constants if it is one. */
    static CharSequence value(String value) {
        return switch (value) {
            case "text/plain; charset=utf-8" -> TEXT;
            case "text/html; charset=utf-8" -> HTML;
            case "application/json" -> JSON;
            default -> value;
        };
    }
}
