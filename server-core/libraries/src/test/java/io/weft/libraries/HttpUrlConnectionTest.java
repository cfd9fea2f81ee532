package io.weft.libraries;

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The JDK's first HTTP client. */
final class HttpUrlConnectionTest extends HttpTrial {
    @Override
    public String library() {
        return "HttpURLConnection";
    }

    @Override
    public String call(int number) throws Exception {
        var connection = (HttpURLConnection) URI.create(url(number)).toURL().openConnection();
        try (var body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
