import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;

import java.io.IOException;

/** Weft's Handler API. */
public final class Plaintext implements Handler {
    @Override
    public void handle(Request request, Response response) throws IOException {
        response.send("Hello, World!");
    }
}
