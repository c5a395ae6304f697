package io.sotto.agent.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads literal IP addresses; never asks a name server. */
final class Addresses {
    private Addresses() {}

    /** The address, or empty if the text is a name or nothing of the kind. Brackets around IPv6 are allowed. */
    static Optional<InetAddress> literal(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean six = bare.indexOf(':') >= 0;
        if (bare.isEmpty() || !(six ? isSixShaped(bare) : isFour(bare))) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    private static boolean isFour(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
            if (Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSixShaped(String text) {
        int zone = text.indexOf('%');
        String address = zone < 0 ? text : text.substring(0, zone);
        return address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
    }
}
