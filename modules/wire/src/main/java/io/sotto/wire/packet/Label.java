package io.sotto.wire.packet;

import io.sotto.wire.Octets;

/**
 * The label header in front of a packet, and once at the start of a client's side of a stream.
 *
 * <pre>
 *  0      1        2           2+n  (bytes)
 *  +------+--------+-----------+------
 *  |  f4  | length | label     | rest
 *  +------+--------+-----------+------
 * </pre>
 *
 * <p>Source: gossip specification, section 8.
 */
public final class Label {
    /** The type byte of the header. */
    public static final int TYPE = 244;

    private Label() {}

    /** What a header with this label takes: 0 without a label. */
    public static int overheadBytes(Octets label) {
        return label.isEmpty() ? 0 : 2 + label.length();
    }

    /**
     * Puts the header in front; without a label the packet stays as it is.
     *
     * @throws IllegalArgumentException for a label longer than 255 bytes
     */
    public static byte[] add(Octets label, byte[] packet) {
        return io.sotto.wire.Pending.body();
    }

    /** Writes the header to {@code target} at {@code position}; returns the position after it. */
    public static int write(Octets label, byte[] target, int position) {
        return io.sotto.wire.Pending.body();
    }

    /** Takes off one header, if there is one. */
    public static Stripped strip(Octets packet) {
        return io.sotto.wire.Pending.body();
    }

    /**
     * Takes off the header and judges it.
     *
     * @param own the label configured here, or empty
     * @param skipCheck whether some proxy takes labels off, so that a label found is one too many
     */
    public static Admitted admit(Octets packet, Octets own, boolean skipCheck) {
        return io.sotto.wire.Pending.body();
    }

    /** The outcome of {@link #strip}. */
    public sealed interface Stripped {
        /** The label, empty when there was no header, and what follows it. */
        record Labelled(Octets label, Octets rest) implements Stripped {}

        /** A header that is cut short or says that the label is empty. */
        record Malformed(String detail) implements Stripped {}
    }

    /** The outcome of {@link #admit}; every refusal has the reason {@code LABEL}. */
    public sealed interface Admitted {
        /** What follows the header. */
        record Rest(Octets rest) implements Admitted {}

        record Refused(String detail) implements Admitted {}
    }
}
