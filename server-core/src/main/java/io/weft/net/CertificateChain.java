package io.weft.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Reads a certificate and those that lead from it to an authority (RFC 8446 section 4.4.2), and
 * says what is wrong with them where the JDK says that something is. Any thread.
 */
final class CertificateChain {
    private CertificateChain() {}

    /**
     * The certificates in {@code file}.
     *
     * @throws IOException if there is none
     */
    static List<X509Certificate> read(Path file) throws IOException {
        List<X509Certificate> chain;
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException e) {
            throw new IOException("cannot read the certificates in " + file + ": " + reason(e), e);
        }
        if (chain.isEmpty()) {
            throw new IOException("expected a certificate (PEM) in " + file);
        }
        return chain;
    }

    /**
     * Nothing, if {@code key} is that of the first certificate, and each is issued by the next.
     *
     * @throws IOException otherwise; the message says where
     */
    static void check(List<X509Certificate> chain, Path file, PrivateKey key, Path keyFile)
            throws IOException {
        int own = 0;
        while (own < chain.size() && !MatchingKey.isOf(chain.get(own), key)) {
            own++;
        }
        if (own == chain.size()) {
            throw new IOException("expected the key of " + file + " in " + keyFile);
        }
        if (own > 0) {
            throw new IOException(
                    "expected the certificate of "
                            + keyFile
                            + " first in "
                            + file
                            + ", but it is number "
                            + (own + 1));
        }
        requireOrder(chain, file);
    }

    private static void requireOrder(List<X509Certificate> chain, Path file) throws IOException {
        for (int i = 0; i + 1 < chain.size(); i++) {
            var issuer = chain.get(i).getIssuerX500Principal();
            var next = chain.get(i + 1).getSubjectX500Principal();
            if (!issuer.equals(next)) {
                throw new IOException(
                        "expected the certificate of '"
                                + issuer
                                + "' as number "
                                + (i + 2)
                                + " in "
                                + file
                                + ", since it has issued the one before, but got that of '"
                                + next
                                + "'");
            }
        }
    }

    private static String reason(GeneralSecurityException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
