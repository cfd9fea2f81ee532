import io.weft.Coroutine;
import io.weft.Weft;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Fetches several pages at once on one loop, with the JDK's own blocking client: nothing to patch. */
public class ConcurrentDownload {
    public static void main(String[] args) throws Exception {
        var urls = args.length > 0 ? List.of(args) : List.of("http://localhost:8000/");
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

    private static void fetch(HttpClient client, String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).build();
        byte[] page = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        System.out.println(url + ": " + page.length + " bytes");
    }
}
