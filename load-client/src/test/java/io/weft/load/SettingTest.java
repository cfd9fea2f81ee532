package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class SettingTest {
    @Test
    void theCommandCanBePastedIntoAShell() {
        var setting = Setting.now(List.of(":8888", "--header", "X: it's", "--size=5"));

        assertThat(setting.command())
                .isEqualTo("load-client :8888 --header 'X: it'\\''s' --size=5");
    }

    @Test
    void withoutArgumentsItIsTheCommandAlone() {
        assertThat(Setting.now(List.of()).command()).isEqualTo("load-client");
    }
}
