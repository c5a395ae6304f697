package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Nomad's agents answered comes out as Nomad's tool printed it. */
final class NomadVerbsTest {
    private static final String KEY = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String LIST = "{\"Keys\":{\"4kRkFQfcc3LU0BazP1ca+w==\":2,\"" + KEY + "\":2},\"NumNodes\":2}";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent();
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private Shell.Ran run(String line) {
        return Shell.run(Map.of("NOMAD_ADDR", "http://" + agent.address()), line.split(" ", -1));
    }

    /** What the longest call of this line printed, of those that reached an agent, in the session that was captured. */
    private static String golden(String line) {
        Matcher call = Pattern.compile(
                        "^\\$ nomad " + Pattern.quote(line) + "   # \\w+\\n(.*?)\\[exit",
                        Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Golden.text("nomad-session.txt"));
        String found = "";
        while (call.find()) {
            boolean isReached = !call.group(1).contains("connection refused");
            found = isReached && call.group(1).length() > found.length() ? call.group(1) : found;
        }
        assertThat(found).as(line).isNotEmpty();
        return found;
    }

    @Test
    void theKeysOfAPoolAreListedAsTheOlderToolDoes() {
        agent.on("GET /v1/agent/keyring/list", 200, LIST);
        Shell.Ran ran = run("operator keyring -list");
        assertThat(ran.out()).isEqualTo(golden("operator keyring -list"));
        assertThat(ran.code()).isZero();
    }

    @Test
    void theNewerSpellingPrintsTheSameAfterAnArrow() {
        agent.on("GET /v1/agent/keyring/list", 200, LIST);
        assertThat(run("operator gossip keyring list").out()).isEqualTo("==> " + golden("operator keyring -list"));
    }

    @Test
    void keysAreChangedByBothSpellings() {
        for (String action : new String[] {"install", "use", "remove"}) {
            agent.on("PUT /v1/agent/keyring/" + action, 200, "{\"Keys\":{},\"Messages\":{},\"NumNodes\":2}");
            Shell.Ran older = run("operator keyring -" + action + " " + KEY);
            Shell.Ran newer = run("operator gossip keyring " + action + " " + KEY);
            assertThat(golden("operator keyring -" + action + " "
                            + (action.equals("remove") ? "4kRkFQfcc3LU0BazP1ca+w==" : KEY)))
                    .startsWith(older.out());
            assertThat(newer.out()).isEqualTo("==> " + older.out());
            assertThat(older.code() + newer.code()).isZero();
        }
        assertThat(agent.bodies()).hasSize(6).containsOnly("{\"Key\":\"" + KEY + "\"}");
    }

    @Test
    void aRefusalIsToldInTheRealWords() {
        agent.on("PUT /v1/agent/keyring/remove", 500, "2/2 nodes reported failure");
        Shell.Ran ran = run("operator keyring -remove " + KEY);
        assertThat(golden("operator keyring -remove " + KEY)).isEqualTo(ran.out() + "[stderr] " + ran.err());
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void nothingToDoIsToldInTheRealWords() {
        Shell.Ran ran = run("operator keyring");
        assertThat(golden("operator keyring")).contains(ran.err().replace("'sotto", "'nomad"));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void aKeyIsMadeByBothSpellings() {
        for (String line : new String[] {"operator keygen", "operator gossip keyring generate"}) {
            assertThat(run(line).out()).matches("[A-Za-z0-9+/]{43}=\n");
        }
    }

    private static String member(String name, String ip, String region, String more) {
        return "{\"Name\":\"" + name + "\",\"Addr\":\"" + ip + "\",\"Port\":4648,\"ProtocolCur\":2," + more
                + ",\"Tags\":{\"role\":\"nomad\",\"region\":\"" + region
                + "\",\"dc\":\"dc1\",\"build\":\"1.0.18\",\"port\":\"4647\"}}";
    }

    @Test
    void serversAreListedWithTheLeaderOfEachRegion() {
        String alive = "\"Status\":\"alive\"";
        agent.on(
                        "GET /v1/agent/members",
                        200,
                        "{\"Members\":[" + member("r2.us", "127.0.21.62", "us", alive) + ","
                                + member("r1.eu", "127.0.21.61", "eu", alive) + "]}")
                .on("GET /v1/status/leader?region=eu", 200, "\"127.0.21.61:4647\"")
                .on("GET /v1/status/leader?region=us", 200, "\"127.0.21.62:4647\"");
        Shell.Ran ran = run("server members");
        assertThat(Golden.text("nomad-session.txt")).contains("# r1\n" + ran.out() + "[exit 0]");
        assertThat(ran.code()).isZero();
    }

    @Test
    void aRegionThatCannotBeAskedIsNamedAfterTheList() {
        agent.on(
                        "GET /v1/agent/members",
                        200,
                        "[" + member("r1.eu", "127.0.21.61", "eu", "\"Status\":1") + ","
                                + member("r2.us", "127.0.21.62", "us", "\"Status\":1") + "]")
                .on("GET /v1/status/leader?region=us", 200, "\"127.0.21.62:4647\"")
                .on("GET /v1/status/leader?region=eu", 500, "rpc error: stream closed");
        Shell.Ran ran = run("server members");
        assertThat(Golden.text("nomad-session.txt")).contains("# r2\n" + ran.out() + "[stderr] " + ran.err());
        assertThat(ran.code()).isEqualTo(1);
    }
}
