import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.StartResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Weft's WSGI face: what {@code plaintext.py} is in Python. */
public final class PlaintextWsgi implements Application {
    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);

    @Override
    public Iterable<byte[]> call(Map<String, Object> environ, StartResponse startResponse)
            throws Exception {
        startResponse.start(
                "200 OK", List.of(Map.entry("Content-Type", "text/plain; charset=utf-8")));
        return List.of(HELLO);
    }
}
