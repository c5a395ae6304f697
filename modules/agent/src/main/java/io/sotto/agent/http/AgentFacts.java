package io.sotto.agent.http;

import io.sotto.agent.json.Json;

/**
 * What an agent knows of itself from its start on and says in {@code /v1/agent/self}.
 *
 * @param datacenter lower-case
 * @param nodeName its name in the pool
 * @param nodeId a UUID
 * @param version sotto's version without the mark of a snapshot: {@code 0.1.0}
 * @param prerelease {@code SNAPSHOT}, or empty for a release
 * @param revision a short commit hash, or empty
 * @param debugConfig the settings in Consul's names, secrets hidden
 */
public record AgentFacts(
        String datacenter,
        String nodeName,
        String nodeId,
        String version,
        String prerelease,
        String revision,
        Json debugConfig) {}
