import io.weft.http.Router;
import io.weft.http.form.Part;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Takes a form with files of any size and tells what came, without ever holding it: {@code curl -F note=hi -F
 * file=@/bin/ls localhost:8000}
 */
public class Upload {
    public static void main(String[] args) throws Exception {
        var routes = new Router()
                .post("/", (request, response) -> {
                    var told = new StringBuilder();
                    var form = request.multipart();
                    for (Part part; (part = form.next()) != null; ) {
                        told.append(part.name()).append(": ").append(describe(part)).append('\n');
                    }
                    response.send(told.toString());
                });
        try (var server = HttpServer.bind(args.length > 0 ? args[0] : "127.0.0.1:8000", routes)) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    private static String describe(Part part) throws Exception {
        if (part.fileName() == null) {
            return part.text();
        }
        var sha = MessageDigest.getInstance("SHA-256");
        long size = 0;
        var buffer = new byte[8192];
        InputStream content = part.body();
        for (int n; (n = content.read(buffer)) >= 0; size += n) {
            sha.update(buffer, 0, n);
        }
        return part.fileName() + ", " + size + " bytes, SHA-256 " + HexFormat.of().formatHex(sha.digest());
    }
}
