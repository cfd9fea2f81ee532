import io.weft.LoopGroup;
import io.weft.Nursery;
import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.queue.Queue;
import io.weft.server.StreamServer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A chat room over TCP: the first line is your name, every other goes to all the others. On one loop, so the room is a
 * plain map without a lock. A queue per guest: who reads slowly misses messages, and holds nobody up.
 */
public class Chat {
    private static final int LONGEST_LINE = 1024;
    private static final int MESSAGES_WAITING = 100;

    private final Map<String, Queue<String>> room = new LinkedHashMap<>();

    public static void main(String[] args) throws Exception {
        var chat = new Chat();
        String address = args.length > 0 ? args[0] : "127.0.0.1:6000";
        try (var loop = LoopGroup.create(1);
                var server = StreamServer.builder(chat::guest).listen(address).group(loop).bind()) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    private void guest(Connection connection) throws Exception {
        connection.write("Your name?\n");
        String name = connection.readLine(LONGEST_LINE);
        if (name == null || name.isBlank() || room.containsKey(name)) {
            connection.write("That name cannot be had.\n");
            return;
        }
        var inbox = new Queue<String>(MESSAGES_WAITING);
        room.put(name, inbox);
        try {
            Nursery.run(
                    talk -> {
                        talk.spawn(() -> listen(connection, inbox));
                        speak(connection, name);
                        talk.cancel();
                    });
        } finally {
            room.remove(name);
            tellOthers(name, "* " + name + " has left");
        }
    }

    private void listen(Connection connection, Queue<String> inbox) throws IOException {
        for (String message : inbox) {
            connection.write(message + "\n");
        }
    }

    private void speak(Connection connection, String name) throws IOException {
        tellOthers(name, "* " + name + " comes in");
        for (String line; (line = connection.readLine(LONGEST_LINE)) != null; ) {
            tellOthers(name, name + ": " + line);
        }
    }

    private void tellOthers(String name, String message) {
        room.forEach(
                (other, inbox) -> {
                    if (!other.equals(name)) {
                        inbox.tryPut(message);
                    }
                });
    }
}
