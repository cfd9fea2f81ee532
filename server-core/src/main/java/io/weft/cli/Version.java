package io.weft.cli;

import io.weft.Weft;

import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints: Weft's version from the jar's manifest, and the Java it runs on.
 */
public final class Version implements IVersionProvider {
    /** Weft's version; {@code development} outside of a jar. */
    public static String weft() {
        String version = Weft.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"weft " + weft() + " (Java " + Runtime.version() + ")"};
    }
}
