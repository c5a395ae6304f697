package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.rpc.consul.Internal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of an operation on keys that some pools did and others did not. */
final class KeyringShapesTest {
    private static final KeyringShapes SHAPES = new KeyringShapes("dc1", "srv");

    private static Internal.KeyringAnswer pool(boolean wan, String datacenter, String error) {
        return new Internal.KeyringAnswer(
                wan,
                datacenter,
                "",
                error.startsWith("1/2") ? Map.of("cli", "no answer") : Map.of(),
                Map.of(),
                Map.of(),
                2,
                error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSTALL | Installed in | , and use the key only then",
                "USE | In use in | , and remove the old key only then",
                "REMOVE | Removed in | ''"
            })
    void whoTookItWhoDidNotAndWhichCommandGoesOnIsTold(Internal.KeyringAction action, String done, String then) {
        List<Internal.KeyringAnswer> answers = List.of(
                pool(true, "dc1", ""),
                pool(false, "dc1", ""),
                pool(false, "dc2", "1/2 nodes reported success"),
                pool(false, "dc3", "Remote DC has no server currently reachable"));

        assertThat(SHAPES.failure(action, answers))
                .contains("3 errors occurred:\n\t* dc2 (LAN) error: 1/2 nodes reported success\n\t* cli: no answer\n"
                        + "\t* dc3 (LAN) error: Remote DC has no server currently reachable\n\n" + done
                        + " WAN, dc1 (LAN); not in dc2 (LAN), dc3 (LAN). Nothing is undone: repeat keyring "
                        + action.wireName() + " with the same key, which changes nothing where it is done" + then
                        + ".\n");
    }

    @Test
    void whereNobodyDidItAndOfListsNothingIsAddedToTheRealWords() {
        List<Internal.KeyringAnswer> none = List.of(pool(true, "dc1", "no"), pool(false, "dc1", "no"));
        List<Internal.KeyringAnswer> some = List.of(pool(true, "dc1", ""), pool(false, "dc1", "no"));

        assertThat(SHAPES.failure(Internal.KeyringAction.USE, none)).isEqualTo(SHAPES.failure(none));
        assertThat(SHAPES.failure(Internal.KeyringAction.LIST, some)).isEqualTo(SHAPES.failure(some));
        assertThat(SHAPES.failure(Internal.KeyringAction.USE, List.of(pool(true, "dc1", ""))))
                .isEmpty();
    }
}
