package io.sotto.wire.packet;

import io.sotto.wire.Octets;
import java.util.List;

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

    private static final int HEADER_BYTES = 2;
    private static final int LENGTH_MAX_BYTES = 255;
    private static final Stripped TRUNCATED = new Stripped.Malformed("cannot decode label; packet has been truncated");
    private static final Admitted MISSING = new Admitted.Refused("no label where one is required");
    private static final Admitted FOREIGN = new Admitted.Refused("another label, or a label where none is configured");

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
        if (label.isEmpty()) {
            return packet;
        }
        byte[] labelled = new byte[overheadBytes(label) + packet.length];
        int at = write(label, labelled, 0);
        System.arraycopy(packet, 0, labelled, at, packet.length);
        return labelled;
    }

    /** Writes the header to {@code target} at {@code position}; returns the position after it. */
    public static int write(Octets label, byte[] target, int position) {
        if (label.isEmpty()) {
            return position;
        }
        if (label.length() > LENGTH_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "label of " + label.length() + " bytes is longer than " + LENGTH_MAX_BYTES);
        }
        target[position] = (byte) TYPE;
        target[position + 1] = (byte) label.length();
        return label.copyTo(target, position + HEADER_BYTES);
    }

    /** Takes off one header, if there is one. */
    public static Stripped strip(Octets packet) {
        if (packet.isEmpty() || packet.at(0) != TYPE) {
            return new Stripped.Labelled(Octets.empty(), packet);
        }
        if (packet.length() < HEADER_BYTES) {
            return TRUNCATED;
        }
        int length = packet.at(1);
        if (length == 0) {
            return new Stripped.Malformed("label header cannot be empty when present");
        }
        if (packet.length() < HEADER_BYTES + length) {
            return TRUNCATED;
        }
        int end = HEADER_BYTES + length;
        return new Stripped.Labelled(packet.slice(HEADER_BYTES, length), packet.slice(end, packet.length() - end));
    }

    /**
     * Takes off the header and judges it.
     *
     * @param own the label configured here, or empty
     * @param skipCheck whether some proxy takes labels off, so that a label found is one too many
     */
    public static Admitted admit(Octets packet, Octets own, boolean skipCheck) {
        return admit(packet, own, List.of(), skipCheck);
    }

    /**
     * The same while the label of a pool changes.
     *
     * @param others labels that are taken besides our own; the empty one stands for a packet without a header
     */
    public static Admitted admit(Octets packet, Octets own, List<Octets> others, boolean skipCheck) {
        if (packet.isEmpty() || packet.at(0) != TYPE) {
            // The common case by far: nothing to take off.
            if (skipCheck) {
                return new Admitted.Rest(own, packet);
            }
            return own.isEmpty() || others.contains(Octets.empty()) ? new Admitted.Rest(packet) : MISSING;
        }
        if (skipCheck) {
            return new Admitted.Refused("unexpected double label header");
        }
        Stripped stripped = strip(packet);
        if (stripped instanceof Stripped.Labelled labelled) {
            return labelled.label().equals(own) || others.contains(labelled.label())
                    ? new Admitted.Rest(labelled.label(), labelled.rest())
                    : FOREIGN;
        }
        return new Admitted.Refused(((Stripped.Malformed) stripped).detail());
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
        /**
         * It may go on.
         *
         * @param label the one that it came under, which its seal covers too; where a proxy takes labels off, our own
         * @param rest what follows the header
         */
        record Rest(Octets label, Octets rest) implements Admitted {
            /** What came under no label. */
            public Rest(Octets rest) {
                this(Octets.empty(), rest);
            }
        }

        record Refused(String detail) implements Admitted {}
    }
}
