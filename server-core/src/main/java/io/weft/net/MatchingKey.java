package io.weft.net;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/**
 * Whether a key is that of its certificate, which nothing else asks before a handshake fails: while
 * the two files are renewed one after the other, they are not of one pair. Any thread.
 */
final class MatchingKey {
    private static final byte[] SAMPLE =
            "signed by the one, verified by the other".getBytes(StandardCharsets.US_ASCII);

    private MatchingKey() {}

    /**
     * Signs with the one and verifies with the other. Kinds of keys of which it does not know how
     * pass.
     */
    static boolean isOf(X509Certificate certificate, PrivateKey key) {
        PublicKey ours = certificate.getPublicKey();
        String algorithm =
                switch (ours.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "";
                };
        if (algorithm.isEmpty()) {
            return true;
        }
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(ours);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // not even of the same kind
        }
    }
}
