package io.weft.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a private key in PEM (RFC 7468), in the forms that tools write: PKCS#8, and what OpenSSL
 * wrote before it, PKCS#1 for RSA and SEC1 for elliptic curves. Any thread.
 */
final class KeyFile {
    private static final Pattern PEM =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----",
                    Pattern.DOTALL);

    /** What a key in PKCS#8 may be of; its own name of that would have to be decoded first. */
    private static final List<String> ALGORITHMS =
            List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private KeyFile() {}

    /**
     * The key in {@code file}.
     *
     * @throws IOException if there is none, or none that can be read without a passphrase; the
     *     message says how to make one
     */
    static PrivateKey read(Path file) throws IOException {
        Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(
                    "expected a private key in " + file + ", which begins with -----BEGIN");
        }
        String label = pem.group(1);
        String body = pem.group(2);
        if (label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw unreadable(file, "one that is encrypted");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(body);
            return switch (label) {
                case "PRIVATE KEY" -> key(encoded);
                case "RSA PRIVATE KEY" -> key(Pkcs8.ofRsa(encoded));
                case "EC PRIVATE KEY" -> key(Pkcs8.ofCurve(encoded));
                default -> throw unreadable(file, label);
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("cannot read the private key in " + file + ": " + reason(e), e);
        }
    }

    private static IOException unreadable(Path file, String found) {
        return new IOException(
                "expected a private key in PKCS#8, PKCS#1 or SEC1 in "
                        + file
                        + ", but got "
                        + found
                        + ": 'openssl pkey -in "
                        + file
                        + " -out new.key' makes one of it");
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        var spec = new PKCS8EncodedKeySpec(pkcs8);
        GeneralSecurityException failure = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                failure = failure == null ? e : failure;
            }
        }
        throw failure == null ? new GeneralSecurityException() : failure;
    }

    private static String reason(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
