package io.sotto.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallHeadersTest {
    private static final Octets BODY = Octets.hex("80");

    @Test
    void headersOfRealCallsComeOutByteForByte() {
        int calls = 0;
        for (JsonNode call : Vectors.document("rpc-calls.json").path("vectors")) {
            String method = call.path("method").asText();
            RequestHeader request = new RequestHeader(call.path("seq").asLong(), method);
            Octets requestBytes = Vectors.bytes(call.path("request_header_hex"));
            Octets responseBytes = Vectors.bytes(call.path("response_header_hex"));
            assertThat(Octets.wrap(request.write(0).toByteArray())).isEqualTo(requestBytes);
            assertThat(RequestHeader.decode(requestBytes)).contains(request);
            ResponseHeader response =
                    ResponseHeader.failure(request, call.path("error").asText());
            assertThat(Octets.wrap(response.write(0).toByteArray())).isEqualTo(responseBytes);
            assertThat(ResponseHeader.decode(responseBytes)).contains(response);
            calls++;
        }
        assertThat(calls).isEqualTo(63);
    }

    @ParameterizedTest
    @CsvSource({
        "another order, 82 ad536572766963654d6574686f64 ab5374617475732e50696e67 a3536571 03",
        "unknown fields, 83 a3536571 03 ad536572766963654d6574686f64 ab5374617475732e50696e67 a45a6f726b 920181a16102",
        "other families, 82 d903536571 cd0003 d90d536572766963654d6574686f64 da000b5374617475732e50696e67",
        "in the order of declaration, 92 ab5374617475732e50696e67 03",
    })
    void aRequestHeaderIsReadIn(String how, String hex) {
        assertThat(RequestHeader.decode(Octets.hex(hex.replace(" ", ""))))
                .as(how)
                .contains(new RequestHeader(3, "Status.Ping"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05",
                "a161",
                "81",
                "8105c0",
                "82a353657103ad536572766963654d6574686f64c40161",
                "82a353657103ad536572766963654d6574686f6405",
                "82a3536571ffad536572766963654d6574686f64a0"
            })
    void whatIsNoRequestHeaderIsNone(String hex) {
        assertThat(RequestHeader.decode(Octets.hex(hex))).isEmpty();
        assertThat(ResponseHeader.decode(Octets.hex(hex))).isEmpty();
    }

    @Test
    void theNumberOfACallIsUnsigned() {
        RequestHeader request = new RequestHeader(0x8000_0000_0000_0005L, "Status.Ping");
        assertThat(RequestHeader.decode(Octets.wrap(request.write(0).toByteArray())))
                .contains(request);
    }

    @Test
    void aPartSaysThatMoreFollows() {
        RequestHeader request = new RequestHeader(7, "App.Watch");
        ResponseHeader part = ResponseHeader.part(request);
        assertThat(part.encode(BODY))
                .isEqualTo(Octets.hex("84a54572726f72a0a44d6f7265c3a353657107ad536572766963654d6574686f64"
                        + "a94170702e576174636880"));
        assertThat(ResponseHeader.decode(Octets.wrap(part.write(0).toByteArray())))
                .contains(part);
        assertThat(ResponseHeader.decode(
                        Octets.wrap(ResponseHeader.answer(request).write(0).toByteArray())))
                .contains(new ResponseHeader(7, "App.Watch", "", false));
    }

    @Test
    void anErrorIsFollowedByAnEmptyBody() {
        assertThat(ResponseHeader.failure(new RequestHeader(7, "foo.Bar"), "rpc: can't find service foo.Bar")
                        .encode()
                        .toHex())
                .isEqualTo("83a54572726f72bf7270633a2063616e27742066696e64207365727669636520666f6f2e426172"
                        + "a353657107ad536572766963654d6574686f64a7666f6f2e42617280");
    }

    @Test
    void everyKindOfConnectionIsFoundByWhatSaysIt() {
        Set<Object> said = new HashSet<>();
        for (ConnectionKind kind : ConnectionKind.values()) {
            if (kind.code() >= 0) {
                assertThat(ConnectionKind.ofCode(kind.code())).contains(kind);
                assertThat(said.add(kind.code())).isTrue();
            }
            kind.protocol().ifPresent(name -> {
                assertThat(ConnectionKind.ofProtocol(name)).contains(kind);
                assertThat(said.add(name)).isTrue();
            });
            assertThat(kind.code() >= 0 || kind.protocol().isPresent()).isTrue();
        }
        assertThat(ConnectionKind.ofCode(13)).isEmpty();
        assertThat(ConnectionKind.ofCode(255)).isEmpty();
        assertThat(ConnectionKind.ofCode(-1)).isEmpty();
        assertThat(ConnectionKind.ofProtocol("h2")).isEmpty();
        assertThat(ConnectionKind.ofProtocol("")).isEmpty();
    }
}
