package io.sotto.agent.http;

import io.sotto.wire.Octets;

/**
 * IP addresses as text in the canonical form of RFC 5952, which Consul prints: {@code ::1}, where the JDK prints
 * {@code 0:0:0:0:0:0:0:1}. Source: RFC 5952, section 4.
 */
public final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    /** The text of 4 or 16 bytes; an IPv4 address in 16 bytes prints as IPv4. Bytes of another length print as hex. */
    public static String of(Octets ip) {
        if (ip.length() == 4) {
            return v4(ip, 0);
        }
        if (ip.length() != 16) {
            return "?" + ip;
        }
        return isMapped(ip) ? v4(ip, 12) : v6(ip);
    }

    private static String v4(Octets ip, int from) {
        return ip.at(from) + "." + ip.at(from + 1) + "." + ip.at(from + 2) + "." + ip.at(from + 3);
    }

    private static boolean isMapped(Octets ip) {
        for (int i = 0; i < 10; i++) {
            if (ip.at(i) != 0) {
                return false;
            }
        }
        return ip.at(10) == 0xff && ip.at(11) == 0xff;
    }

    private static String v6(Octets ip) {
        int longestAt = -1;
        int longest = 1; // A single zero group is written out.
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(ip, i);
            if (length > longest) {
                longest = length;
                longestAt = i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == longestAt) {
                out.append("::");
                i += longest - 1;
                continue;
            }
            if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(group(ip, i)));
        }
        return out.toString();
    }

    private static int zerosFrom(Octets ip, int start) {
        int i = start;
        while (i < GROUPS && group(ip, i) == 0) {
            i++;
        }
        return i - start;
    }

    private static int group(Octets ip, int index) {
        return ip.at(2 * index) << 8 | ip.at(2 * index + 1);
    }
}
