package io.weft.libraries;

import org.junit.jupiter.api.AfterEach;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's HttpClient. */
final class JdkHttpTest extends HttpTrial {
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    @Override
    public String library() {
        return "java.net.http.HttpClient";
    }

    @Override
    public String call(int number) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url(number))).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
