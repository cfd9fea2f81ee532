package io.weft.libraries;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;

/** Apache's HttpClient 5. */
final class ApacheHttpTest extends HttpTrial {
    private final CloseableHttpClient client =
            HttpClients.custom()
                    .setConnectionManager(
                            PoolingHttpClientConnectionManagerBuilder.create()
                                    .setMaxConnPerRoute(CALLS)
                                    .setMaxConnTotal(CALLS)
                                    .build())
                    .build();

    @AfterEach
    void closeClient() throws Exception {
        client.close();
    }

    @Override
    public String library() {
        return "Apache HttpClient 5";
    }

    @Override
    public String call(int number) throws Exception {
        return client.execute(
                new HttpGet(url(number)), response -> EntityUtils.toString(response.getEntity()));
    }
}
