package io.sotto.membership.admission;

import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address allow list of a pool: CIDR blocks, none of which means that everything is allowed.
 *
 * <p>Immutable and safe to share. Source: gossip specification, section 14 ({@code CIDRsAllowed}).
 */
public final class AllowedNetworks {
    private static final AllowedNetworks ALL = new AllowedNetworks(List.of());
    private static final String NUMBER = "(0|[1-9]\\d{0,2})";
    private static final Pattern IPV4 = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "\\." + NUMBER);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final int IPV4_BYTES = 4;
    private static final int MAPPED_BITS = 96;

    private final List<Block> blocks;

    private AllowedNetworks(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** Everything is allowed. */
    public static AllowedNetworks all() {
        return ALL;
    }

    /**
     * Reads blocks such as {@code 10.0.0.0/8} or {@code fd00::/8}; none allows everything.
     *
     * @throws IllegalArgumentException with the faulty block, if one is not {@code address/bits}
     */
    public static AllowedNetworks parse(List<String> blocks) {
        List<Block> parsed = new ArrayList<>();
        for (String block : blocks) {
            parsed.add(parseBlock(block));
        }
        return parsed.isEmpty() ? ALL : new AllowedNetworks(parsed);
    }

    /** Whether these 4 or 16 address bytes are allowed; the 16-byte form of an IPv4 address counts as IPv4. */
    public boolean allows(Octets ip) {
        if (blocks.isEmpty()) {
            return true;
        }
        Octets plain = unmapped(ip);
        for (Block block : blocks) {
            if (block.contains(plain)) {
                return true;
            }
        }
        return false;
    }

    private static Block parseBlock(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? "" : text.substring(0, slash);
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw invalid(text);
        }
        int bits = Integer.parseInt(length);
        Matcher ipv4 = IPV4.matcher(address);
        Octets bytes;
        if (ipv4.matches()) {
            bytes = ipv4Bytes(ipv4, text);
        } else {
            bytes = unmapped(ipv6Bytes(address, text));
            bits -= bytes.length() == IPV4_BYTES ? MAPPED_BITS : 0;
        }
        if (bits < 0 || bits > bytes.length() * Byte.SIZE) {
            throw invalid(text);
        }
        return new Block(bytes, bits);
    }

    private static Octets ipv4Bytes(Matcher address, String block) {
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            int number = Integer.parseInt(address.group(i + 1));
            if (number > 255) {
                throw invalid(block);
            }
            bytes[i] = (byte) number;
        }
        return Octets.wrap(bytes);
    }

    /** A text with a colon is read as a literal or refused; no name service is asked. */
    private static Octets ipv6Bytes(String address, String block) {
        if (!IPV6.matcher(address).matches()) {
            throw invalid(block);
        }
        try {
            return Octets.wrap(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("invalid CIDR address: " + block, e);
        }
    }

    private static IllegalArgumentException invalid(String block) {
        return new IllegalArgumentException("invalid CIDR address: " + block);
    }

    private static Octets unmapped(Octets ip) {
        if (ip.length() != 16 || ip.at(10) != 0xff || ip.at(11) != 0xff) {
            return ip;
        }
        for (int i = 0; i < 10; i++) {
            if (ip.at(i) != 0) {
                return ip;
            }
        }
        return ip.slice(12, 4);
    }

    private record Block(Octets network, int bits) {
        boolean contains(Octets ip) {
            if (ip.length() != network.length()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((ip.at(bit / Byte.SIZE) & mask) != (network.at(bit / Byte.SIZE) & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
