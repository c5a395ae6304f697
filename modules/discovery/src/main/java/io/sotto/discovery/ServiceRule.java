package io.sotto.discovery;

import io.sotto.cluster.Member;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How one service is found.
 *
 * @param pool where to look
 * @param selection which members
 * @param statuses in which states
 * @param suspected whether a member that is suspected counts too
 * @param portTag the tag that holds the port; {@code {name}} in it is the name of the port
 * @param port of members without such a tag
 */
record ServiceRule(
        String pool,
        Selection selection,
        Set<Member.Status> statuses,
        boolean suspected,
        String portTag,
        OptionalInt port) {
    private static final String NAME = "{name}";
    private static final int PORT_MAX = 65_535;

    ServiceRule {
        statuses = Set.copyOf(statuses);
    }

    /** Where a service is. */
    record Target(InetAddress address, OptionalInt port) {}

    /**
     * @param members of the pool
     * @param suspects the names of those that are suspected
     * @param portName which of their ports is looked up
     */
    List<Target> targets(List<Member> members, Set<String> suspects, Optional<String> portName) {
        return members.stream()
                .filter(member -> statuses.contains(member.status()))
                .filter(member -> suspected || !suspects.contains(member.name()))
                .filter(selection::matches)
                .flatMap(member -> target(member, portName).stream())
                .toList();
    }

    /** Empty where it has no address, and where it does not offer the port that is asked for. */
    private Optional<Target> target(Member member, Optional<String> portName) {
        OptionalInt offered = portOf(member, portName);
        if (portName.isPresent() && offered.isEmpty()) {
            return Optional.empty();
        }
        return member.address().socket().map(InetSocketAddress::getAddress).map(ip -> new Target(ip, offered));
    }

    private OptionalInt portOf(Member member, Optional<String> portName) {
        boolean isNamed = portTag.contains(NAME);
        if (isNamed && portName.isEmpty()) {
            return port;
        }
        String tag = portName.map(name -> portTag.replace(NAME, name)).orElse(portTag);
        OptionalInt told = parse(member.tags().getOrDefault(tag, ""));
        return told.isPresent() ? told : port;
    }

    /** Empty for what is no port: a tag is a claim of whoever set it. */
    private static OptionalInt parse(String text) {
        try {
            int number = Integer.parseInt(text);
            return number > 0 && number <= PORT_MAX ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
