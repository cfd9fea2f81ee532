import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;

/** Greets who asks: {@code curl localhost:8000}, {@code curl localhost:8000/users/ann}. */
public class HelloWorld {
    public static void main(String[] args) throws Exception {
        var routes = new Router()
                .get("/", (request, response) -> response.send("Hello, World!\n"))
                .get("/users/{name}", (request, response) ->
                        response.send("Hello, " + request.pathParameter("name") + "!\n"));
        try (var server = HttpServer.bind(args.length > 0 ? args[0] : "127.0.0.1:8000", routes)) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
