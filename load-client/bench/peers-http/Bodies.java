import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;

import java.io.IOException;

/** Large bodies both ways, streamed: a POST gets back what it brings, a GET as much as it asks. */
public final class Bodies implements Handler {
    private static final byte[] PIECE = new byte[16 * 1024];

    @Override
    public void handle(Request request, Response response) throws IOException, HttpException {
        response.header("Content-Type", "application/octet-stream");
        if (request.method().equals("POST")) {
            response.header("Content-Length", String.valueOf(request.header("Content-Length")));
            request.body().transferTo(response.body());
            return;
        }
        int size = Integer.parseInt(String.valueOf(request.query("size")));
        response.header("Content-Length", Integer.toString(size));
        for (int done = 0; done < size; ) {
            int count = Math.min(PIECE.length, size - done);
            response.body().write(PIECE, 0, count);
            done += count;
        }
    }
}
