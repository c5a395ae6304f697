package io.sotto.testkit.fuzz;

import java.nio.charset.StandardCharsets;

/** Contents of sound fields. */
final class Text {
    /** The discard port: nobody listens to it. */
    static final int PORT = 9;

    private static final int META_MAX_BYTES = 60;

    private Text() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] some(Chance chance, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) chance.between('a', 'z');
        }
        return text;
    }

    /** Bytes that are no UTF-8, each in its own way. */
    static byte[] notUtf8(Chance chance) {
        return switch (chance.below(5)) {
            case 0 -> new byte[] {'a', (byte) 0xff, 'b'};
            case 1 -> new byte[] {(byte) 0xc0, (byte) 0x80};
            case 2 -> new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
            case 3 -> new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80};
            default -> new byte[] {'x', (byte) 0xe2, (byte) 0x82};
        };
    }

    /** Four bytes, or the sixteen of the same address as IPv6 carries it, in a network where nobody listens. */
    static byte[] address(Chance chance) {
        byte[] four = {127, 99, (byte) chance.below(256), (byte) chance.between(1, 254)};
        if (!chance.oneIn(8)) {
            return four;
        }
        byte[] sixteen = new byte[16];
        sixteen[10] = (byte) 0xff;
        sixteen[11] = (byte) 0xff;
        System.arraycopy(four, 0, sixteen, 12, 4);
        return sixteen;
    }

    /** Tags, the old form of them, or anything. */
    static byte[] meta(Chance chance) {
        return switch (chance.below(4)) {
            case 0 -> new byte[] {(byte) 0xff, (byte) 0x80};
            case 1 -> utf8("client");
            case 2 ->
                new MsgpackPen()
                        .octet(0xff)
                        .map(1)
                        .key("role")
                        .rawHeader(4)
                        .raw(some(chance, 4))
                        .toByteArray();
            default -> chance.bytes(chance.below(META_MAX_BYTES));
        };
    }
}
