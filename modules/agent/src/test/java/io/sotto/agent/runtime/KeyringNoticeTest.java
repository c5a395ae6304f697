package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyringNoticeTest {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String OTHER = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";

    @TempDir
    private Path dataDir;

    private KeyringNotice noticeFor(String ring) throws IOException {
        Path file = dataDir.resolve("serf/local.keyring");
        Files.createDirectories(file.getParent());
        Files.writeString(file, ring);
        return KeyringNotice.of(GossipKey.parse(KEY), dataDir, KeyringNotice.Ring.LAN);
    }

    @Test
    void thereIsNothingToTellWithoutARing() {
        assertThat(KeyringNotice.of(GossipKey.parse(KEY), dataDir, KeyringNotice.Ring.LAN))
                .isEqualTo(KeyringNotice.NONE);
    }

    @Test
    void aRingThatHoldsTheKeyInAnyPlaceIsTold() throws IOException {
        assertThat(noticeFor("[\"" + KEY + "\"]")).isEqualTo(KeyringNotice.RING_HAS_KEY);
        assertThat(noticeFor("[\n  \"" + OTHER + "\",\n  \"" + KEY + "\"\n]")).isEqualTo(KeyringNotice.RING_HAS_KEY);
    }

    @Test
    void aRingWithoutTheKeyIsTold() throws IOException {
        assertThat(noticeFor("[\"" + OTHER + "\"]")).isEqualTo(KeyringNotice.RING_LACKS_KEY);
    }

    @Test
    void aRingThatCannotBeReadLeavesTheVerdictToTheNode() throws IOException {
        assertThat(noticeFor("xxx")).isEqualTo(KeyringNotice.RING_LACKS_KEY);
        assertThat(noticeFor("[\"abc\"]")).isEqualTo(KeyringNotice.RING_LACKS_KEY);
    }

    @Test
    void eachPoolHasARingOfItsOwn() throws IOException {
        assertThat(noticeFor("[\"" + KEY + "\"]")).isEqualTo(KeyringNotice.RING_HAS_KEY);
        assertThat(KeyringNotice.of(GossipKey.parse(KEY), dataDir, KeyringNotice.Ring.WAN))
                .isEqualTo(KeyringNotice.NONE);
        Files.writeString(dataDir.resolve("serf/remote.keyring"), "[\"" + OTHER + "\"]");
        assertThat(KeyringNotice.of(GossipKey.parse(KEY), dataDir, KeyringNotice.Ring.WAN))
                .isEqualTo(KeyringNotice.RING_LACKS_KEY);
        assertThat(KeyringNotice.Ring.WAN.bothExist())
                .isEqualTo("==> WARNING: WAN keyring exists but -encrypt given, using keyring");
        assertThat(KeyringNotice.Ring.WAN.keyNotOnRing()).endsWith("using keyring: keyring=WAN");
    }
}
