package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RpcVerbTest {
    @Test
    void sendsTheRequestAndPrintsTheAnswerIndented() throws Exception {
        try (StubAgent agent =
                new StubAgent().on("PUT /v1/agent/rpc/KVS.Get?timeout=30s", 200, "{\"Index\":7,\"Entries\":null}")) {
            Shell.Ran ran = Shell.run(
                    "rpc", "call", "-http-addr", agent.address(), "-timeout", "30s", "KVS.Get", "{\"Key\": \"a\"}");
            assertThat(ran).isEqualTo(new Shell.Ran(Exit.DONE, "{\n  \"Index\": 7,\n  \"Entries\": null\n}\n", ""));
            assertThat(agent.bodies()).containsExactly("{\"Key\": \"a\"}");
        }
    }

    @Test
    void printsOneLineForPrograms() throws Exception {
        try (StubAgent agent = new StubAgent().on("PUT /v1/agent/rpc/Status.Leader", 200, "\"127.0.0.1:8300\"")) {
            assertThat(Shell.run("rpc", "call", "-http-addr", agent.address(), "-format", "json", "Status.Leader"))
                    .isEqualTo(new Shell.Ran(Exit.DONE, "\"127.0.0.1:8300\"\n", ""));
        }
    }

    @Test
    void saysWhatTheServerSaid() throws Exception {
        try (StubAgent agent = new StubAgent().on("PUT /v1/agent/rpc/Status.Peers", 500, "No known Consul servers")) {
            assertThat(Shell.run("rpc", "call", "-http-addr", agent.address(), "Status.Peers"))
                    .isEqualTo(new Shell.Ran(
                            Exit.FAILED,
                            "",
                            "Error calling: Unexpected response code: 500 (No known Consul servers)\n"));
        }
    }

    @Test
    void takesCallAndAMethod() {
        assertThat(Shell.run("rpc").err()).startsWith("The one thing to do is: call\n");
        assertThat(Shell.run("rpc", "call").err()).startsWith("A method must be specified, and at most one request.\n");
        assertThat(Shell.run("rpc", "-h").out()).contains("Usage: sotto rpc call [options] METHOD [JSON]");
    }
}
