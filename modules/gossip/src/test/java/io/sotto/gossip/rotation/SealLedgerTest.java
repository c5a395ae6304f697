package io.sotto.gossip.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.gossip.rotation.SealLedger.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealLedgerTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00.250Z");
    private static final Map<String, Entry> ENTRIES =
            Map.of("1c0216e1", new Entry(START, 70_000), "00000001", new Entry(START, 0));

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsReadAgainFromAFileThatOnlyItsOwnerCanRead() throws IOException {
        ledger().store(ENTRIES);

        assertThat(ledger().load()).isEqualTo(ENTRIES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file())).contains("1c0216e1 2030-01-01T00:00:00.250Z 70000\n");
    }

    @Test
    void aFileThatIsNotThereIsEmpty() throws IOException {
        assertThat(ledger().load()).isEmpty();
    }

    @Test
    void withoutAFileOfTheRingNothingIsKept() throws IOException {
        SealLedger nowhere = SealLedger.beside(Optional.empty());
        nowhere.store(ENTRIES);

        assertThat(nowhere.load()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sotto seals 2\n",
                "sotto seals 1\n1c0216e1 2030-01-01T00:00:00Z 1",
                "sotto seals 1\n1c0216e1 2030-01-01T00:00:00Z\n",
                "sotto seals 1\n1c0216e1 2030-01-01T00:00:00Z -1\n",
                "sotto seals 1\n1c0216e1 2030-01-01T00:00:00Z 1 1\n",
                "sotto seals 1\n1c0216e1 yesterday 1\n"
            })
    void whatIsNoLedgerIsAFault(String text) throws IOException {
        Files.createDirectories(directory.resolve("serf"));
        Files.writeString(file(), text);

        assertThatThrownBy(() -> ledger().load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("local.seals");
    }

    private SealLedger ledger() {
        return SealLedger.beside(Optional.of(directory.resolve("serf").resolve("local.keyring")));
    }

    private Path file() {
        return directory.resolve("serf").resolve("local.seals");
    }
}
