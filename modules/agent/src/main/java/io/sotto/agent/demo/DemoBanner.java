package io.sotto.agent.demo;

import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Banner;
import io.sotto.agent.runtime.Build;
import java.util.List;
import java.util.Optional;

/** The banner of an agent that already listens: with the ports it really has. */
final class DemoBanner {
    private DemoBanner() {}

    /** Up to the line after which the log would stream. */
    static List<String> lines(AgentNode node, String name, String nodeId, Build build) {
        String banner = new Banner(
                        build.version(),
                        nodeId,
                        name,
                        "dc1",
                        false,
                        List.of(node.http().get(0).getAddress().getHostAddress()),
                        Optional.of(node.http().get(0).getPort()),
                        Optional.empty(),
                        node.advertised(),
                        node.pool().self().address().port(),
                        Optional.empty(),
                        node.pool().stats().encrypted(),
                        false,
                        false)
                .render();
        return banner.lines().takeWhile(line -> !line.isEmpty()).toList();
    }
}
