package io.weft.net;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The files of src/test/resources/tls, which its make.sh has made. */
public final class Certificates {
    /** Has signed all but the stranger. */
    static final Path AUTHORITY = file("ca.pem");

    private Certificates() {}

    /** Of localhost and 127.0.0.1. */
    public static TlsBuilder localhost(TlsBuilder builder) {
        return builder.certificate(chain("localhost"), key("localhost"));
    }

    static Path chain(String name) {
        return file(name + ".pem");
    }

    static Path key(String name) {
        return file(name + ".key");
    }

    private static Path file(String name) {
        try {
            return Path.of(Certificates.class.getResource("/tls/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
