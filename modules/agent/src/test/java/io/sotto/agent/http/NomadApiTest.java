package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nomad's routes answer as the real agent did. */
final class NomadApiTest {
    private static final String KEY = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String OTHER = "4kRkFQfcc3LU0BazP1ca+w==";

    private final FakePool pool = new FakePool();
    private final NomadApi api = new NomadApi(pool);

    private Answer ask(String method, String path, String body) {
        List<String> segments = List.of(path.split("/"));
        Request request = new Request(method, segments, Map.of(), Map.of(), Octets.utf8(body));
        return api.routes().stream()
                .filter(route -> route.method().equals(method) && route.matches(segments))
                .findFirst()
                .orElseThrow()
                .answer(request)
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }

    private Answer change(String action, String key) {
        return ask("PUT", "v1/agent/keyring/" + action, "{\"Key\":\"" + key + "\"}");
    }

    @Test
    void aListHasTheRealShape() {
        pool.keyring.with(KEY);
        assertThat(ask("GET", "v1/agent/keyring/list", "").body())
                .isEqualTo("{\"Keys\":{\"" + KEY + "\":2},\"Messages\":{},\"NumNodes\":2}");
    }

    @Test
    void keysAreChangedAndTheAnswerNamesNone() {
        pool.keyring.with(OTHER);
        for (String action : List.of("install", "use")) {
            assertThat(change(action, KEY).body()).isEqualTo("{\"Keys\":{},\"Messages\":{},\"NumNodes\":2}");
        }
        assertThat(change("remove", OTHER).status()).isEqualTo(200);
        assertThat(pool.keyring.ring()).containsExactly(GossipKey.parse(KEY));
    }

    @Test
    void refusalsAreCountedInTheRealWords() {
        pool.keyring.with(KEY);
        assertThat(change("remove", KEY))
                .extracting(Answer::status, Answer::body)
                .containsExactly(500, "2/2 nodes reported failure");
        assertThat(change("use", OTHER).body()).isEqualTo("2/2 nodes reported failure");
        assertThat(change("install", "xyz").body()).isEqualTo("illegal base64 data at input byte 0");
        assertThat(ask("PUT", "v1/agent/keyring/use", "").status()).isEqualTo(400);
    }
}
