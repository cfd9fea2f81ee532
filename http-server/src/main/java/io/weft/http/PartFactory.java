package io.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpDataFactory;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import io.netty.handler.codec.http.multipart.MemoryAttribute;
import io.netty.handler.codec.http.multipart.MemoryFileUpload;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * Hears from Netty's decoder of each part as it begins, and has its content handed on instead of
 * gathered. The decoder's own attributes, those of a part's head, are looked at on their way: it
 * forgets a field's media type, and spoils a file's name. Loop-confined.
 */
final class PartFactory implements HttpDataFactory {
    /** Thrown through the decoder when there are more parts than may be. */
    static final class TooManyParts extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final int most;
    private final ArrayDeque<PartData> begun = new ArrayDeque<>();
    private int count;
    private @Nullable String fileName;
    private @Nullable String contentType;
    private @Nullable String charset;

    PartFactory(int most) {
        this.most = most;
    }

    /** The next part that has begun; null if there is none yet. */
    @Nullable PartData poll() {
        return begun.poll();
    }

    private PartData begin(String name) {
        if (++count > most) {
            throw new TooManyParts();
        }
        var part =
                new PartData(
                        name,
                        fileName,
                        contentType,
                        charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset));
        fileName = null;
        contentType = null;
        charset = null;
        begun.add(part);
        return part;
    }

    @Override
    public Attribute createAttribute(HttpRequest request, String name, String value) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "filename" -> fileName = unescaped(value);
            case "content-type" -> contentType = value;
            case "charset" -> charset = value;
            default -> {}
        }
        return new Known(name, value);
    }

    /**
     * A quoted string's content (RFC 2183 section 2). Only a quote and a backslash are taken for
     * escaped, as Go and Werkzeug do: browsers leave a backslash as it is, in {@code C:\dir\a.txt}
     * too.
     */
    private static String unescaped(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        var plain = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            boolean escapes = quoted.startsWith("\\\"", i) || quoted.startsWith("\\\\", i);
            plain.append(quoted.charAt(escapes ? ++i : i));
        }
        return plain.toString();
    }

    @Override
    public Attribute createAttribute(HttpRequest request, String name) {
        fileName = null;
        return new Field(begin(name));
    }

    @Override
    public Attribute createAttribute(HttpRequest request, String name, long definedSize) {
        return createAttribute(request, name);
    }

    @Override
    public FileUpload createFileUpload(
            HttpRequest request,
            String name,
            String cleanedFileName,
            String type,
            String transferEncoding,
            Charset of,
            long size) {
        return new File(begin(name));
    }

    // The decoder leaves nothing to clean: there are no files, and memory is the collector's.

    @Override
    public void setMaxLimit(long max) {}

    @Override
    public void removeHttpDataFromClean(HttpRequest request, InterfaceHttpData data) {}

    @Override
    public void cleanRequestHttpData(HttpRequest request) {}

    @Override
    public void cleanAllHttpData() {}

    @Override
    @Deprecated
    public void cleanRequestHttpDatas(HttpRequest request) {}

    @Override
    @Deprecated
    public void cleanAllHttpDatas() {}

    /** An attribute of a part's head. */
    private static final class Known extends MemoryAttribute {
        private final String text;

        Known(String name, String text) {
            super(name);
            this.text = text;
        }

        @Override
        public String getValue() {
            return text;
        }
    }

    private static final class Field extends MemoryAttribute {
        private final PartData part;

        Field(PartData part) {
            super(part.name, StandardCharsets.ISO_8859_1);
            this.part = part;
        }

        /** In this one boundaries are looked for, whatever that of the text is. */
        @Override
        public Charset getCharset() {
            return StandardCharsets.ISO_8859_1;
        }

        @Override
        public void addContent(ByteBuf buffer, boolean last) {
            part.add(buffer, last);
            setCompleted(last);
        }
    }

    private static final class File extends MemoryFileUpload {
        private final PartData part;

        File(PartData part) {
            super(part.name, "", "", null, StandardCharsets.ISO_8859_1, 0);
            this.part = part;
        }

        @Override
        public void addContent(ByteBuf buffer, boolean last) {
            part.add(buffer, last);
            setCompleted(last);
        }
    }
}
