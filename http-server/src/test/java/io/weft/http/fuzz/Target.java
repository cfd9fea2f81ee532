package io.weft.http.fuzz;

import io.weft.http.CookieFuzz;
import io.weft.http.cli.ConfigFileFuzz;
import io.weft.http.compression.AcceptEncodingFuzz;
import io.weft.http.files.RangeFuzz;
import io.weft.http.form.DispositionFuzz;
import io.weft.http.form.MultipartFuzz;
import io.weft.http.form.UrlEncodedFuzz;
import io.weft.http.grammar.PathFuzz;
import io.weft.http.h1.ChunkFuzz;
import io.weft.http.h1.HeadFuzz;
import io.weft.http.server.ForwardedFuzz;
import io.weft.http.websocket.FrameFuzz;
import io.weft.net.ProxyHeaderFuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A parser of what others send, which a fuzzer looks for faults in. */
@SuppressWarnings("ImmutableEnumChecker") // the checks have no state
enum Target {
    HEAD(HeadFuzz.class, HeadFuzz::cutInAllWays),
    CHUNK(ChunkFuzz.class, ChunkFuzz::cutInAllWays),
    MULTIPART(MultipartFuzz.class, MultipartFuzz::fuzzerTestOneInput),
    DISPOSITION(DispositionFuzz.class, DispositionFuzz::fuzzerTestOneInput),
    URL_ENCODED(UrlEncodedFuzz.class, UrlEncodedFuzz::fuzzerTestOneInput),
    PATH(PathFuzz.class, PathFuzz::fuzzerTestOneInput),
    COOKIE(CookieFuzz.class, CookieFuzz::fuzzerTestOneInput),
    RANGE(RangeFuzz.class, RangeFuzz::fuzzerTestOneInput),
    ACCEPT_ENCODING(AcceptEncodingFuzz.class, AcceptEncodingFuzz::fuzzerTestOneInput),
    FORWARDED(ForwardedFuzz.class, ForwardedFuzz::fuzzerTestOneInput),
    PROXY_HEADER(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput),
    FRAME(FrameFuzz.class, FrameFuzz::fuzzerTestOneInput),
    CONFIG_FILE(ConfigFileFuzz.class, ConfigFileFuzz::fuzzerTestOneInput);

    /** Takes one input that is kept, and throws if what comes of it is wrong. */
    interface Check {
        void accept(byte[] input) throws Exception;
    }

    private static final Path ALL = Path.of("src/test/fuzz");

    final Class<?> type;
    final Check check;

    Target(Class<?> type, Check check) {
        this.type = type;
        this.check = check;
    }

    /** Where its inputs are kept, seen from the module's folder. */
    Path folder() {
        return ALL.resolve(type.getSimpleName());
    }

    /** The inputs that are kept. */
    List<Path> corpus() throws IOException {
        try (var files = Files.list(folder())) {
            return files.sorted().toList();
        }
    }
}
