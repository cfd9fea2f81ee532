package io.weft.libraries;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers that the libraries are tried with, as Debian has them: each started when the first
 * test wants it, and ended with the last test. Without one its tests are skipped, and say so.
 */
public final class Servers implements LauncherSessionListener {
    private static final Map<String, Integer> PORTS = new HashMap<>();
    private static final Deque<ServerProcess> PROCESSES = new ArrayDeque<>();

    private interface Start {
        ServerProcess on(int port, Path folder, String command) throws Exception;
    }

    /**
     * The port of a PostgreSQL server with the database and user "postgres", without a password.
     */
    static int postgres() throws Exception {
        return port("postgres", "postgresql", Servers::startPostgres);
    }

    /** The port of a MariaDB server with the database "weft", open to any user. */
    static int mariaDb() throws Exception {
        return port("mariadbd", "mariadb-server-core", Servers::startMariaDb);
    }

    /** The port of a Redis server. */
    static int redis() throws Exception {
        return port("redis-server", "redis-server", Servers::startRedis);
    }

    /** The port of a RabbitMQ server, for the user "guest". */
    static int rabbitMq() throws Exception {
        return port("rabbitmq-server", "rabbitmq-server", Servers::startRabbitMq);
    }

    private static synchronized int port(String command, String debian, Start start)
            throws Exception {
        Integer known = PORTS.get(command);
        if (known != null) return known;
        var file = find(command);
        assumeTrue(
                file.isPresent(),
                command + " is not installed (Debian: apt-get install " + debian + ")");
        int port = ServerProcess.freePort();
        var folder = Files.createTempDirectory("weft-" + command);
        var process = start.on(port, folder, file.orElseThrow().toString());
        PROCESSES.push(process);
        process.awaitPort(port);
        PORTS.put(command, port);
        return port;
    }

    private static ServerProcess startPostgres(int port, Path folder, String command)
            throws Exception {
        String data = folder.resolve("data").toString();
        ServerProcess.runUnprivileged(
                folder,
                List.of(
                        Path.of(command).resolveSibling("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-sync"));
        return ServerProcess.startUnprivileged(
                folder,
                List.of(
                        command,
                        "-D",
                        data,
                        "-p",
                        Integer.toString(port),
                        "-h",
                        "127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "fsync=off"));
    }

    /** Without tables of rights it needs none of the files that it would be installed with. */
    private static ServerProcess startMariaDb(int port, Path folder, String command)
            throws Exception {
        return ServerProcess.startUnprivileged(
                folder,
                List.of(
                        command,
                        "--no-defaults",
                        "--datadir=" + folder,
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--socket=" + folder.resolve("socket"),
                        "--pid-file=" + folder.resolve("pid"),
                        "--skip-grant-tables",
                        "--max-connections=200",
                        "--innodb-log-file-size=4M"));
    }

    private static ServerProcess startRedis(int port, Path folder, String command)
            throws Exception {
        return ServerProcess.start(
                folder,
                Map.of(),
                List.of(
                        command,
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        folder.toString()));
    }

    /** Erlang's nodes look for each other in a process of their own, which would stay: so ours. */
    private static ServerProcess startRabbitMq(int port, Path folder, String command)
            throws Exception {
        int epmd = ServerProcess.freePort();
        var names =
                ServerProcess.start(
                        Files.createTempDirectory("weft-epmd"),
                        Map.of(),
                        List.of(
                                find("epmd").orElseThrow().toString(),
                                "-port",
                                Integer.toString(epmd),
                                "-address",
                                "127.0.0.1"));
        PROCESSES.push(names);
        names.awaitPort(epmd);
        Path plugins = Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
        var environment = new HashMap<String, String>();
        environment.put("HOME", folder.toString());
        environment.put("ERL_EPMD_PORT", Integer.toString(epmd));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", "weft" + port + "@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(ServerProcess.freePort()));
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_LOGS", "-");
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("none").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString());
        return ServerProcess.start(folder, environment, List.of(command));
    }

    /** Where Debian has it: not all servers are on the PATH, and what is there may be a wrapper. */
    private static Optional<Path> find(String command) throws IOException {
        var folders = new ArrayList<Path>();
        folders.add(Path.of("/usr/lib/rabbitmq/bin"));
        folders.addAll(versions(Path.of("/usr/lib/postgresql")));
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(Path::of)
                .forEach(folders::add);
        folders.add(Path.of("/usr/sbin"));
        return folders.stream()
                .map(folder -> folder.resolve(command))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The bin folders of all versions, the newest first. */
    private static List<Path> versions(Path home) throws IOException {
        if (!Files.isDirectory(home)) return List.of();
        try (var versions = Files.list(home)) {
            return versions.sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"))
                    .toList();
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        synchronized (Servers.class) {
            PROCESSES.forEach(ServerProcess::close);
            PROCESSES.clear();
            PORTS.clear();
        }
    }
}
