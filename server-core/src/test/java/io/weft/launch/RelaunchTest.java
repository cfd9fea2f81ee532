package io.weft.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.File;
import java.util.List;

class RelaunchTest {
    @Test
    void commandKeepsOptionsAndArguments() {
        Jdk jdk = Jdk.at(new File(System.getProperty("java.home")));

        List<String> command =
                Relaunch.command(jdk, new File("weft.jar"), "-Dmark", new String[] {"--port", "1"});

        assertThat(command)
                .startsWith(jdk.java().getPath())
                .anyMatch(option -> option.contains("java.base/java.lang"))
                .endsWith("-Dmark", "-jar", "weft.jar", "--port", "1");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void exitCodeOfTheChildIsOurs() throws Exception {
        assertThat(Relaunch.run(List.of("sh", "-c", "exit 7"))).isEqualTo(7);
    }
}
