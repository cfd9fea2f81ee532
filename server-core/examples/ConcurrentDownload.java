import io.weft.Coroutine;
import io.weft.Weft;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Fetches several pages at once on one loop, with the JDK's own blocking client: nothing to patch. Its arguments are
 * their addresses; without any it asks Weft's own demo, which {@code java -jar http-server/target/http-server.jar} starts.
 */
public class ConcurrentDownload {
    public static void main(String[] args) throws Exception {
        var urls = args.length > 0 ? List.of(args) : List.of("http://localhost:8000/delay/1", "http://localhost:8000/get");
        try (var client = HttpClient.newHttpClient()) {
            Weft.run(
                    () -> {
                        var fetches = new ArrayList<Coroutine<?>>();
                        for (String url : urls) {
                            fetches.add(Weft.spawn(() -> fetch(client, url)));
                        }
                        for (var fetch : fetches) {
                            fetch.join();
                        }
                    });
        }
    }

    private static void fetch(HttpClient client, String url) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).build();
            byte[] page = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
            System.out.println(url + ": " + page.length + " bytes");
        } catch (ConnectException e) {
            System.out.println(url + ": nobody answers there");
        } catch (IOException | IllegalArgumentException e) {
            System.out.println(url + ": " + e.getMessage());
        }
    }
}
