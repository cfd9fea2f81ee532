package io.weft.libraries;

import okhttp3.OkHttpClient;
import okhttp3.Request;

import org.junit.jupiter.api.AfterEach;

/** OkHttp. */
final class OkHttpTest extends HttpTrial {
    private final OkHttpClient client = new OkHttpClient();

    @AfterEach
    void closeClient() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @Override
    public String library() {
        return "OkHttp";
    }

    @Override
    public String call(int number) throws Exception {
        var request = new Request.Builder().url(url(number)).build();
        try (var response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
