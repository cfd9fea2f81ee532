package io.weft.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;

/**
 * Makes PKCS#8 (RFC 5958 section 2) of the older forms, which are what it wraps: PKCS#1 (RFC 8017
 * A.1.2) and SEC1 (RFC 5915), the latter with the name of its curve moved to the front. DER:
 *
 * <pre>
 *   SEQUENCE { INTEGER 0, SEQUENCE { OID algorithm, parameters }, OCTET STRING { the old form } }
 * </pre>
 */
final class Pkcs8 {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xa0; // [0] of an ECPrivateKey

    private static final byte[] VERSION = HexFormat.of().parseHex("020100");

    /** rsaEncryption, which has NULL for its parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");

    /** id-ecPublicKey, whose parameters are the curve. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pkcs8() {}

    static byte[] ofRsa(byte[] pkcs1) {
        return wrap(RSA, pkcs1);
    }

    /**
     * As before.
     *
     * @throws InvalidKeySpecException if {@code sec1} does not name its curve, or is damaged
     */
    static byte[] ofCurve(byte[] sec1) throws InvalidKeySpecException {
        ByteBuffer fields = open(ByteBuffer.wrap(sec1), SEQUENCE);
        while (fields.hasRemaining()) {
            int tag = fields.get(fields.position()) & 0xff;
            ByteBuffer value = open(fields, tag);
            if (tag == CURVE) {
                var curve = new byte[value.remaining()];
                value.get(curve);
                return wrap(joined(EC, curve), sec1);
            }
        }
        throw new InvalidKeySpecException("it does not name its curve");
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(
                SEQUENCE,
                joined(VERSION, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
    }

    /** What is in the next element; {@code in} goes on behind it. */
    private static ByteBuffer open(ByteBuffer in, int tag) throws InvalidKeySpecException {
        try {
            int length = -1;
            if ((in.get() & 0xff) == tag) {
                length = in.get() & 0xff;
                if (length > 0x80 && length <= 0x83) {
                    int bytes = length - 0x80;
                    length = 0;
                    for (int i = 0; i < bytes; i++) {
                        length = length << 8 | (in.get() & 0xff);
                    }
                }
            }
            ByteBuffer value = in.slice(in.position(), length);
            in.position(in.position() + length);
            return value;
        } catch (RuntimeException e) { // of a buffer that is too short
            throw new InvalidKeySpecException("it is damaged", e);
        }
    }

    private static byte[] element(int tag, byte[] value) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (value.length < 0x80) {
            out.write(value.length);
        } else { // by two bytes at least, which BER allows, or by three
            boolean two = value.length <= 0xffff;
            out.write(two ? 0x82 : 0x83);
            if (!two) {
                out.write(value.length >> 16);
            }
            out.write(value.length >> 8);
            out.write(value.length);
        }
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
