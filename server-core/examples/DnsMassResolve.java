import io.weft.Timeout;
import io.weft.Weft;
import io.weft.pool.Pool;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Looks up many names, ten at a time, with the JDK's own call: in a coroutine it does not block the loop. */
public class DnsMassResolve {
    public static void main(String[] args) throws Exception {
        var names = args.length > 0 ? List.of(args) : List.of("localhost", "ip6-localhost");
        Weft.run(
                () -> {
                    for (String line : new Pool(10).imapUnordered(names, DnsMassResolve::lookUp)) {
                        System.out.println(line);
                    }
                });
    }

    private static String lookUp(String name) throws Exception {
        try {
            var address =
                    Timeout.call(Duration.ofSeconds(5), () -> InetAddress.getByName(name));
            return name + " = " + address.getHostAddress();
        } catch (IOException e) { // no such host, or no server that knows
            return name + " failed with " + e.getMessage();
        } catch (Timeout.Expired e) {
            return name + " took too long";
        }
    }
}
