package io.weft.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a key is that of its certificate, which nothing else asks before a handshake fails: while
 * the two files are renewed one after the other, they are not of one pair. Any thread.
 */
final class MatchingKey {
    /** RFC 7468 section 10. */
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    private static final byte[] SAMPLE =
            "signed by the one, verified by the other".getBytes(StandardCharsets.US_ASCII);

    private MatchingKey() {}

    /**
     * Signs with the one and verifies with the other. Kinds of keys of which it does not know how
     * pass.
     *
     * @throws IOException if the key is another certificate's, or a file cannot be read
     */
    static void check(Path chain, Path key) throws IOException {
        boolean matches;
        try {
            matches = matches(chain, key);
        } catch (GeneralSecurityException e) {
            matches = false; // not even of the same kind
        }
        if (!matches) {
            throw new IOException("expected the key of " + chain + " in " + key);
        }
    }

    private static boolean matches(Path chain, Path key)
            throws IOException, GeneralSecurityException {
        PublicKey ours;
        try (var in = Files.newInputStream(chain)) {
            ours = CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
        }
        String algorithm =
                switch (ours.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "";
                };
        Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.ISO_8859_1));
        if (algorithm.isEmpty() || !pem.find()) {
            return true;
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
        PrivateKey secret =
                KeyFactory.getInstance(ours.getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        var signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(ours);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }
}
