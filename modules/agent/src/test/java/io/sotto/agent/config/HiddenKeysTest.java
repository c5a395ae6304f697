package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every fault that quotes a file is held against every form of a key by the configuration tests of module interop. */
class HiddenKeysTest {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";

    private final HiddenKeys hidden = HiddenKeys.of(List.of("encrypt " + KEY));

    @Test
    void aKeyAndItsPartsAreNotRepeated() {
        assertThat(hidden.hide("invalid config key " + KEY))
                .isEqualTo("invalid config key [not shown: it may be a key]=");
        assertThat(hidden.hide("invalid config key tFQYfWyJIv4s3X, line 1"))
                .isEqualTo("invalid config key [not shown: it may be a key], line 1");
    }

    @Test
    void theKeyOfARingOfTheShortestKindIsHiddenToo() {
        assertThat(HiddenKeys.of(List.of("[\"AAECAwQFBgcICQoLDA0ODw==\"]")).hide("got AAECAwQFBgcICQoLDA0ODw=="))
                .isEqualTo("got [not shown: it may be a key]==");
    }

    @Test
    void ordinaryWordsStayAsTheyAre() {
        HiddenKeys none =
                HiddenKeys.of(List.of("retry_join_wan_interval /etc/sotto/conf.d/agent 2026 ServerAddresses"));
        String text = "invalid config key retry_join_wan_interval: see /etc/sotto/conf.d/agent and ServerAddresses";
        assertThat(none.hide(text)).isEqualTo(text);
        assertThat(hidden.hide(text)).isEqualTo(text);
    }
}
