package io.sotto.rpc.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.wire.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes over the wire for bytes, text, records and JSON, and what of others' bytes is refused. */
class RpcCodecsTest {
    /** A shopping list. */
    public record Order(String name, int count, List<String> wishes) {}

    private static final Order ORDER = new Order("tea", 3, List.of("hot", "now"));

    @Test
    void bytesAndTextAreOneMsgpackObject() throws Exception {
        assertThat(RpcCodecs.bytes().encode(Octets.hex("0102"))).isEqualTo(Octets.hex("a20102"));
        assertThat(RpcCodecs.bytes().decode(Octets.hex("c4020102"))).isEqualTo(Octets.hex("0102"));
        assertThat(RpcCodecs.text().decode(RpcCodecs.text().encode("grün"))).isEqualTo("grün");
        Octets large = Octets.wrap(new byte[100_000]);
        assertThat(RpcCodecs.bytes().decode(RpcCodecs.bytes().encode(large))).isEqualTo(large);
    }

    @Test
    void whatIsNoValueIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> RpcCodecs.text().decode(Octets.hex("81a16101")))
                .isInstanceOf(RpcCodecException.class)
                .hasMessage("expected text, found a value of the wrong type");
        assertThatThrownBy(() -> RpcCodecs.bytes().decode(Octets.hex("a1")))
                .isInstanceOf(RpcCodecException.class)
                .hasMessage("expected bytes, found ends inside a value");
        assertThatThrownBy(() -> RpcCodecs.text().decode(Octets.hex("a161a162")))
                .isInstanceOf(RpcCodecException.class)
                .hasMessage("expected text, found more after it");
        assertThatThrownBy(() -> RpcCodecs.records(Order.class).decode(Octets.hex("a3746561")))
                .isInstanceOf(RpcCodecException.class);
    }

    @Test
    void recordsAreMaps() throws Exception {
        RpcCodec<Order> codec = RpcCodecs.records(Order.class);
        assertThat(codec.encode(ORDER))
                .isEqualTo(Octets.hex("83a5436f756e7403a44e616d65a3746561a657697368657392a3686f74a36e6f77"));
        assertThat(codec.decode(codec.encode(ORDER))).isEqualTo(ORDER);
    }

    @Test
    void jsonIsTextOfTheApplicationsOwnMapper() throws Exception {
        RpcCodec<Order> codec = JsonCodec.of(new ObjectMapper(), Order.class);
        assertThat(RpcCodecs.text().decode(codec.encode(ORDER)))
                .isEqualTo("{\"name\":\"tea\",\"count\":3,\"wishes\":[\"hot\",\"now\"]}");
        assertThat(codec.decode(codec.encode(ORDER))).isEqualTo(ORDER);
        assertThatThrownBy(() -> codec.decode(RpcCodecs.text().encode("{\"name\":")))
                .isInstanceOf(RpcCodecException.class)
                .hasMessageStartingWith("unreadable JSON");
        assertThatThrownBy(() -> codec.decode(RpcCodecs.text().encode("null")))
                .isInstanceOf(RpcCodecException.class)
                .hasMessage("expected a value, found null");
    }

    @Test
    void aMethodHasAServiceAndAName() {
        assertThat(RpcMethod.of("Shop.Order", RpcCodecs.text(), RpcCodecs.text())
                        .repeatable()
                        .repeat())
                .isEqualTo(RpcMethod.Repeat.SAFE);
        for (String bad : List.of("Shop", ".Order", "Shop.", "")) {
            assertThatThrownBy(() -> RpcMethod.of(bad, RpcCodecs.text(), RpcCodecs.text()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not Service.Method: " + bad);
        }
    }
}
