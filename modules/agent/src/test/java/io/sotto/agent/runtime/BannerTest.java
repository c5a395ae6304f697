package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BannerTest {
    private static final Banner CLIENT = new Banner(
            "1.8.7",
            "22222222-2222-4222-8222-222222222222",
            "cli",
            "dc1",
            false,
            List.of("127.0.21.13"),
            Optional.of(8500),
            Optional.empty(),
            "127.0.21.13",
            8301,
            Optional.empty(),
            true,
            false,
            false);

    @Test
    void differsFromTheRealOneOnlyInNameWanPortAndEncryptLines() throws IOException {
        String expected = captured()
                .replace("Consul agent", "sotto agent")
                .replace("WAN: 8302", "WAN: -1")
                .replace("Encrypt: Gossip: true, ", "Encrypt: true (Gossip: true, ")
                .replace(
                        "Auto-Encrypt-TLS: false\n",
                        "Auto-Encrypt-TLS: false)\n    "
                                + "Gossip encrypt: true, RPC-TLS: false, TLS-Incoming: false\n");
        assertThat(CLIENT.render()).isEqualTo(expected + "Log data will now stream in as it occurs:\n\n");
    }

    @Test
    void saysFalseWithoutARingMinusOneWithoutAListenerAndWhetherTlsIsAskedFor() {
        Banner plain = new Banner(
                "0.1.0",
                "id",
                "n",
                "dc1",
                false,
                List.of("127.0.0.1", "::1"),
                Optional.empty(),
                Optional.of(8501),
                "::1",
                7946,
                Optional.empty(),
                false,
                true,
                true);
        assertThat(plain.render())
                .contains("\n       Client Addr: [127.0.0.1 ::1] (HTTP: -1, HTTPS: 8501, gRPC: -1, DNS: -1)\n")
                .contains("\n      Cluster Addr: ::1 (LAN: 7946, WAN: -1)\n")
                .contains("\n           Encrypt: false (Gossip: false, TLS-Outgoing: true, TLS-Incoming: true, ")
                .contains("\n    Gossip encrypt: false, RPC-TLS: true, TLS-Incoming: true\n");
    }

    @Test
    void aMemberOfAWanPoolTellsItsPort() {
        Banner server = new Banner(
                "0.1.0",
                "id",
                "n",
                "dc1",
                true,
                List.of("127.0.0.1"),
                Optional.empty(),
                Optional.empty(),
                "10.0.0.1",
                8301,
                Optional.of(8302),
                false,
                false,
                false);
        assertThat(server.render()).contains("\n      Cluster Addr: 10.0.0.1 (LAN: 8301, WAN: 8302)\n");
    }

    private static String captured() throws IOException {
        String path = "/golden/banner-client-encrypted.txt";
        try (InputStream in = Objects.requireNonNull(BannerTest.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
