package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/** The search for keys finds a planted one in every form, in whole and in part, and nothing where there is none. */
class KeyFormsTest {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());

    private final byte[] key = random(1, 32);
    private final KeyForms forms = new KeyForms().with("planted", key);

    @TestFactory
    Stream<DynamicTest> everyFormIsFound() {
        byte[] part = Arrays.copyOfRange(key, 13, 21);
        int[] unsigned = IntStream.range(0, key.length).map(i -> key[i] & 0xff).toArray();
        return Stream.of(
                        Base64.getEncoder().encodeToString(key),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(key),
                        Base64.getEncoder().encodeToString(key).toUpperCase(Locale.ROOT),
                        Base64.getEncoder().encodeToString(key).substring(20, 33),
                        Base64.getEncoder().encodeToString(part),
                        HexFormat.of().formatHex(key),
                        HexFormat.of().withUpperCase().formatHex(part),
                        HexFormat.ofDelimiter(":").formatHex(key),
                        HexFormat.ofDelimiter(" ").withUpperCase().formatHex(key),
                        HexFormat.ofDelimiter(", ").withPrefix("0x").formatHex(key),
                        Arrays.toString(key),
                        Arrays.toString(part),
                        Arrays.toString(unsigned),
                        Arrays.stream(unsigned).mapToObj(Integer::toString).collect(Collectors.joining(" ")),
                        new String(key, StandardCharsets.ISO_8859_1))
                .map(form -> DynamicTest.dynamicTest(
                        "seed " + SEED + ": form of " + form.length() + " characters",
                        () -> assertThat(forms.in("a line with " + form + " in it"))
                                .isNotEmpty()));
    }

    @Test
    void rawBytesAreFoundAmongBytes() {
        byte[] file = random(2, 4_000);
        assertThat(forms.in(file)).as("seed %d", SEED).isEmpty();
        System.arraycopy(key, 5, file, 1_234, 8);
        assertThat(forms.in(file)).as("seed %d", SEED).isNotEmpty();
    }

    @Test
    void otherKeysAndShorterPartsAreNoFinds() {
        byte[] other = random(3, 32);
        assertThat(forms.in(Base64.getEncoder().encodeToString(other) + Arrays.toString(other)))
                .isEmpty();
        assertThat(forms.in(HexFormat.of().formatHex(key, 0, 7))).isEmpty();
    }

    @Test
    void aLeakPlantedInALoggerIsCaught() {
        Logger leaky = (Logger) LoggerFactory.getLogger("sotto.test.leak");
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        leaky.setAdditive(false);
        leaky.setLevel(Level.TRACE);
        leaky.addAppender(seen);

        leaky.trace("opened with {}", (Object) key);

        assertThat(forms.in(List.of(seen.list.get(0).getFormattedMessage()))).isNotEmpty();
    }

    private static byte[] random(int number, int length) {
        byte[] bytes = new byte[length];
        new Random(SEED + number).nextBytes(bytes);
        return bytes;
    }
}
