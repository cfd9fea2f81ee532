package io.weft.http.cli;

import io.weft.net.Tls;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.nio.file.Path;

/** Whether connections are encrypted, and by which certificate. */
final class TlsOptions {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--certfile", paramLabel = "FILE", description = "certificate chain (PEM): TLS")
    private @Nullable Path certificate;

    @Option(names = "--keyfile", paramLabel = "FILE", description = "its key (PEM, not encrypted)")
    private @Nullable Path key;

    boolean isOn() {
        return certificate != null;
    }

    /** Null for none. */
    @Nullable Tls load() throws IOException {
        if ((certificate == null) != (key == null)) {
            throw Usage.wrong(spec, "--certfile and --keyfile go together");
        }
        return certificate == null || key == null
                ? null
                : Tls.server()
                        .certificate(certificate, key)
                        .applicationProtocols("http/1.1")
                        .build();
    }
}
