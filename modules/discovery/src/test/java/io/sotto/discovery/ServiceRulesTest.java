package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRulesTest {
    /** Two servers and a client of a real Consul datacenter, as they tag themselves, and members of ours. */
    private static final List<Member> POOL = List.of(
            MadeMembers.alive(
                    "consul-1",
                    "10.0.0.1",
                    Map.of("role", "consul", "dc", "dc1", "port", "8300", "wan_join_port", "8302", "vsn", "2")),
            MadeMembers.alive("consul-2", "10.0.0.2", Map.of("role", "consul", "dc", "dc2", "port", "8300")),
            MadeMembers.alive("client", "10.0.0.3", Map.of("role", "node", "dc", "dc1")),
            MadeMembers.alive("shop-1", "10.0.0.4", Map.of("service", "shop", "dc", "dc1", "management_port", "7626")),
            MadeMembers.alive(
                    "shop-2",
                    "10.0.0.5",
                    Map.of("service", "till, shop", "dc", "dc2", "management_port", "7627", "http_port", "8080")),
            MadeMembers.alive("liar", "10.0.0.6", Map.of("service", "shop", "management_port", "65536")),
            MadeMembers.member(
                    "shop-3",
                    "10.0.0.7",
                    Member.Status.FAILED,
                    Map.of("service", "shop", "dc", "dc1", "management_port", "7626")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop|10.0.0.4 10.0.0.5 10.0.0.6",
                "till|10.0.0.5",
                "shop,dc=dc1|10.0.0.4",
                "role=node|10.0.0.3",
                "dc=dc2|10.0.0.2 10.0.0.5",
                "role=*,dc=dc1|10.0.0.1 10.0.0.3",
                "http_port=*|10.0.0.5",
                "sho|''",
                "'role = node , dc = dc1'|10.0.0.3"
            })
    void aNameIsATagsValueOrSomeTagsWithTheirs(String service, String found) {
        assertThat(String.join(" ", addresses(rules(""), service, Optional.empty())))
                .isEqualTo(found);
    }

    @Test
    void theServersOfRealPoolsAreFoundByTheirUsualNamesWithTheirPorts() {
        assertThat(addresses(rules(""), "consul", Optional.empty())).containsExactly("10.0.0.1:8300", "10.0.0.2:8300");
        assertThat(addresses(rules(""), "nomad", Optional.empty())).isEmpty();
    }

    @Test
    void aPortsNameLeadsToATagAndWhoHasNoSuchPortIsNotFound() {
        assertThat(addresses(rules(""), "shop", Optional.of("management")))
                .containsExactly("10.0.0.4:7626", "10.0.0.5:7627");
        assertThat(addresses(rules(""), "shop", Optional.of("http"))).containsExactly("10.0.0.5:8080");
        assertThat(addresses(rules(""), "dc=dc1", Optional.of("wan_join"))).containsExactly("10.0.0.1:8302");
        assertThat(addresses(rules("port = 9000"), "shop", Optional.of("http")))
                .containsExactly("10.0.0.4:9000", "10.0.0.5:8080", "10.0.0.6:9000");
        assertThat(addresses(rules("port-tag = management_port"), "shop,dc=dc1", Optional.empty()))
                .containsExactly("10.0.0.4:7626");
    }

    @Test
    void aServiceCanHaveRulesOfItsOwn() {
        ServiceRules rules = rules("""
                service-tag = role
                services {
                  "shop.all" { tags { service = shop }, statuses = [alive, failed], port = 1 }
                  second { name = "(shop|consul)-2", suspected = off, pool = wan }
                }
                """);
        assertThat(addresses(rules, "shop.all", Optional.empty()))
                .containsExactly("10.0.0.4:1", "10.0.0.5:1", "10.0.0.6:1", "10.0.0.7:1");
        assertThat(addresses(rules, "second", Optional.empty())).containsExactly("10.0.0.2", "10.0.0.5");
        assertThat(rules.find("second").pool()).isEqualTo("wan");
        assertThat(addresses(rules, "node", Optional.empty())).containsExactly("10.0.0.3");
        assertThat(rules.find("node").pool()).isEqualTo("lan");
    }

    @Test
    void whoIsSuspectedIsLeftOutOnRequest() {
        Set<String> suspects = Set.of("shop-1");
        assertThat(rules("").find("shop").targets(POOL, suspects, Optional.empty()))
                .hasSize(3);
        assertThat(rules("suspected = off").find("shop").targets(POOL, suspects, Optional.empty()))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"port = 65536", "statuses = [dead]", "services.x.name = \"(\"", "pool = null"})
    void settingsThatCannotBeAreRefused(String settings) {
        assertThatThrownBy(() -> rules(settings)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aNameThatAsksTwoThingsOfOneTagIsRefused() {
        assertThatThrownBy(() -> rules("").find("dc=a,dc=b")).hasMessage("\"dc=a,dc=b\" asks two things of the tag dc");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "shop,", "role=", "=node", "dc=dc1,,role=node"})
    void aNameThatAsksNothingIsRefusedAndDoesNotMeanEverybody(String service) {
        assertThatThrownBy(() -> rules("").find(service)).hasMessageContaining("neither a service nor tags");
    }

    private static List<String> addresses(ServiceRules rules, String service, Optional<String> portName) {
        return rules.find(service).targets(POOL, Set.of(), portName).stream()
                .map(target -> target.address().getHostAddress()
                        + (target.port().isPresent() ? ":" + target.port().getAsInt() : ""))
                .toList();
    }

    private static ServiceRules rules(String settings) {
        Config usual = ConfigFactory.load().getConfig("pekko.discovery.sotto");
        return ServiceRules.of(ConfigFactory.parseString(settings).withFallback(usual));
    }
}
