package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about a wrong configuration: the real agent's words, and where the fault is. */
final class FaultsTest {
    @TempDir
    Path directory;

    private static String decoding(String file, int faults) {
        return "failed to parse " + file + ": " + faults + " error(s) decoding:\n\n";
    }

    private Loading loading() {
        return new Loading(directory);
    }

    @Test
    void anUnknownKeyIsNamedWithItsLine() throws Exception {
        assertThat(loading()
                        .file("a.json", "{\"data_dir\": \"/tmp/none\",\n\"bogus_key\": 1}")
                        .faults())
                .containsExactly(
                        "failed to parse a.json: 1 error occurred:\n\t* invalid config key bogus_key (a.json:2)\n");
    }

    @Test
    void aWrongTypeIsNamedAsGoDoes() throws Exception {
        assertThat(loading()
                        .file("a.json", "{\"data_dir\": \"/tmp/none\", \"encrypt\": 5}")
                        .faults())
                .containsExactly(decoding("a.json", 1)
                        + "* 'encrypt' expected type 'string', got unconvertible type 'float64' (a.json:1)\n");
    }

    @Test
    void textsForSwitchesAreRefusedEvenWhereTheSwitchDoesNothingHere() throws Exception {
        String text = """
                {
                  "data_dir": "/tmp/none",
                  "encrypt_verify_incoming": "true",
                  "verify_incoming": "true"
                }
                """;
        assertThat(loading().file("a.json", text).faults())
                .containsExactly(
                        decoding("a.json", 2)
                                + "* 'encrypt_verify_incoming' expected type 'bool', got unconvertible type 'string' (a.json:3)\n* 'verify_incoming' expected type 'bool', got unconvertible type 'string' (a.json:4)\n");
    }

    @Test
    void badJsonHidesNoOtherFaultAndInventsNone() throws Exception {
        assertThat(loading()
                        .file("a.json", "{\n bogus: 1}")
                        .file("b.json", "{\"nope\": 1}")
                        .faults())
                .containsExactly(
                        "failed to parse a.json: invalid character 'b' looking for beginning of object key string (a.json:2)",
                        "failed to parse b.json: 1 error occurred:\n\t* invalid config key nope (b.json:1)\n");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(loading().path(Path.of("/nonexistent")).faults())
                .containsExactly("config: Open failed on /nonexistent. open /nonexistent: no such file or directory");
    }

    @Test
    void noDataDirectoryIsAFault() {
        assertThat(loading().faults()).containsExactly("data_dir cannot be empty");
    }

    @Test
    void allFaultsOfAllFilesAndFlagsAreToldAtOnce() throws Exception {
        assertThat(loading()
                        .file("a.json", "{\n \"datacenter\": \"dc 1\",\n \"ports\": {\n \"http\": 70000, \"huh\": 1}}")
                        .file("b.hcl", "log_level = \"loud\"\n\nprofile = \"king\"\nfoo { bar = 1 }\n")
                        .file("c.conf", "sotto {\n  retry_join = []\n  claims = none\n}\n")
                        .flag("encrypt", "abc")
                        .flag("bind-addr", "{{ GetPrivateIP }}")
                        .flag("retry-max", "x")
                        .faults())
                .containsExactlyInAnyOrder(
                        "invalid value \"x\": write a whole number (flag -retry-max)",
                        "failed to parse a.json: 1 error occurred:\n\t* invalid config key ports.huh (a.json:4)\n",
                        "failed to parse b.hcl: 1 error occurred:\n\t* invalid config key foo (b.hcl:4)\n",
                        "failed to parse c.conf: 1 error occurred:\n\t* invalid config key retry_join (c.conf:2)\n",
                        "datacenter cannot be \"dc 1\". Please use only [a-z0-9-_] (a.json:2)",
                        "data_dir cannot be empty",
                        "ports.http must be from -1 to 65535, not 70000 (a.json:4)",
                        "Invalid log level: LOUD. Valid log levels are: [TRACE DEBUG INFO WARN ERR] (b.hcl:1)",
                        "profile cannot be \"king\": use serf, consul-client, observer or nomad (b.hcl:3)",
                        "claims cannot be \"none\": use guarded or upstream (c.conf:3)",
                        "encrypt has invalid key: illegal base64 data at input byte 0 (flag -encrypt)",
                        "bind_addr: sotto has no address templates; write the address that {{ GetPrivateIP }} stands for"
                                + " (flag -bind)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "advertise_addr|\"0.0.0.0\"|Advertise address cannot be 0.0.0.0, :: or [::]",
                "advertise_addr|\"example.org\"|advertise_addr: invalid ip address: \"example.org\"",
                "client_addr|\"127.0.0.1 localhost\"|client_addr: invalid ip address: \"localhost\"",
                "node_id|\"x\"|node_id \"x\" is not a UUID",
                "retry_interval|\"30\"|retry_interval: invalid duration \"30\"; write a number and a unit, such as 30s or 1m30s",
                "retry_interval|\"0s\"|retry_interval must be longer than 0",
                "retry_join|[\"provider=aws tag_key=x\"]|retry_join: sotto does not ask cloud providers; write addresses or DNS names",
                "gossip_lan|{\"probe_timeout\": \"1s\"}|gossip_lan.probe_timeout must be shorter than gossip_lan.probe_interval"
            })
    void aValueThatCannotBeIsNamedWithItsKeyAndPlace(String key, String value, String text) throws Exception {
        assertThat(loading()
                        .file("a.json", "{\"data_dir\": \"/tmp/none\",\n\"" + key + "\": " + value + "}")
                        .faults())
                .containsExactly(text + " (a.json:2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry_join|\"a\"|'retry_join': source data must be an array or slice, got string",
                "retry_join|[1]|'retry_join[0]' expected type 'string', got unconvertible type 'float64'",
                "node_meta|{\"a\": 1}|'node_meta[a]' expected type 'string', got unconvertible type 'float64'",
                "ports|1|'ports' expected type 'map', got unconvertible type 'float64'",
                "ports|{\"http\": \"8500\"}|'ports.http' expected type 'int', got unconvertible type 'string'",
                "ports|{\"http\": 1.5}|'ports.http' expected type 'int', got unconvertible type 'float64'",
                "node_name|null|'node_name' expected type 'string', got unconvertible type 'nil'"
            })
    void aNestedWrongTypeIsNamedWithItsPath(String key, String value, String text) throws Exception {
        assertThat(loading()
                        .file("a.json", "{\"data_dir\": \"/tmp/none\",\n\"" + key + "\": " + value + "}")
                        .faults())
                .containsExactly("failed to parse a.json: 1 error(s) decoding:\n\n* " + text + " (a.json:2)\n");
    }

    @Test
    void hclTakesLiteralsOnly() throws Exception {
        assertThat(loading()
                        .file("a.hcl", "data_dir = \"/tmp/none\"\nnode_name = upper(\"x\")\ndatacenter = \"${env}\"\n")
                        .faults())
                .containsExactly(
                        decoding("a.hcl", 2)
                                + "* 'node_name' expected type 'string', got unconvertible type 'expression' (a.hcl:2)\n* 'datacenter' expected type 'string', got unconvertible type 'expression' (a.hcl:3)\n");
    }

    @Test
    void filesWithConsulsKeysNeitherIncludeNorSubstitute() throws Exception {
        loading().write("other.conf", "node_name = x");
        assertThat(loading()
                        .file("a.conf", "include \"other.conf\"\ndata_dir = /tmp/none")
                        .faults())
                .singleElement()
                .asString()
                .contains("files with Consul's keys cannot include");
        assertThat(loading().file("b.conf", "data_dir = ${?HOME}").faults())
                .singleElement()
                .asString()
                .contains("files with Consul's keys cannot substitute");
    }

    @Test
    void besideSottoOnlyTheActorSystemIsConfigured() throws Exception {
        assertThat(loading()
                        .file("a.conf", "sotto.data-dir = /tmp/none\nakka.x = 1\npekko.loglevel = INFO")
                        .faults())
                .containsExactly(
                        "failed to parse a.conf: 1 error occurred:\n\t* invalid config key akka: beside sotto { } only pekko { } is read (a.conf:2)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sotto = 5|'sotto' expected type 'map', got unconvertible type 'float64'",
                "sotto { server = [1], data-dir = x }|'server' expected type 'bool', got unconvertible type 'slice'",
                "sotto { retry-interval = {}, data-dir = x }|'retry-interval' expected type 'string', got unconvertible type 'map'"
            })
    void aWrongTypeInSottosOwnFormIsAFaultLikeAnyOther(String text, String fault) throws Exception {
        assertThat(loading().file("a.conf", text).faults())
                .contains(decoding("a.conf", 1) + "* " + fault + " (a.conf:1)\n");
    }

    @Test
    void aDataDirectoryThatIsAFileIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(loading().flag("data-dir", file.toString()).faults())
                .containsExactly("data_dir \"file\" is not a directory (flag -data-dir)");
    }

    @Test
    void keysOfTheRealAgentThatDoNothingHereAreWarnings() throws Exception {
        LoadResult.Loaded loaded = loading()
                .file(
                        "a.json",
                        "{\"data_dir\": \"/tmp/none\", \"log_json\": true,\n\"ports\": {\"dns\": -1}, \"autopilot\": {\"x\": true}}")
                .loaded();
        assertThat(loaded.warnings())
                .extracting(warning -> warning.replace(directory + "/", ""))
                .containsExactly(
                        "config key log_json is known to the real agent but does nothing in sotto: ignored (a.json:1)",
                        "config key ports.dns is known to the real agent but does nothing in sotto: ignored (a.json:2)",
                        "config key autopilot is known to the real agent but does nothing in sotto: ignored (a.json:2)");
    }

    @Test
    void aNameThatDnsCannotFindIsOnlyAWarning() {
        assertThat(loading().dev().flag("node-name", "bad name_x").loaded().warnings())
                .containsExactly("Node name \"bad name_x\" will not be discoverable via DNS due to invalid characters."
                        + " Valid characters include all alpha-numerics and dashes.");
    }
}
