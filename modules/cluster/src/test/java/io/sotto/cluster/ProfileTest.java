package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sotto.wire.ProtocolVersions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    private static final String ID = "22222222-2222-4222-8222-222222222222";

    @Test
    void aConsulClientCarriesTheTagsThatTheLeaderRegisters() {
        assertThat(Profile.CONSUL_CLIENT.tags("dc1", ID, "0.1.0-SNAPSHOT", "1a2b3c4d", Map.of()))
                .containsExactly(
                        Map.entry("acls", "0"),
                        Map.entry("build", "0.1.0:1a2b3c4d"),
                        Map.entry("dc", "dc1"),
                        Map.entry("id", ID),
                        Map.entry("role", "node"),
                        Map.entry("segment", ""),
                        Map.entry("sotto", "1"),
                        Map.entry("vsn", "2"),
                        Map.entry("vsn_max", "3"),
                        Map.entry("vsn_min", "2"));
    }

    @Test
    void anObserverHasNoRoleButPassesTheDatacentersAdmission() {
        Map<String, String> tags = Profile.OBSERVER.tags("dc2", ID, "0.1.0", "", Map.of("team", "ops"));
        assertThat(tags)
                .doesNotContainKeys("role", "acls")
                .containsEntry("dc", "dc2")
                .containsEntry("segment", "")
                .containsEntry("id", ID)
                .containsEntry("build", "0.1.0:")
                .containsEntry("team", "ops");
    }

    @Test
    void aSerfMemberCarriesWhatItsSettingsNameAndTheTagOfSottoMembers() {
        assertThat(Profile.SERF.tags("dc1", ID, "0.1.0", "", Map.of())).containsExactly(Map.entry("sotto", "1"));
        assertThat(Profile.SERF.tags("dc1", ID, "0.1.0", "", Map.of("role", "web")))
                .containsExactly(Map.entry("role", "web"), Map.entry("sotto", "1"));
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyMemberIsKnownForASottoMemberAndNobodySetsThatByHand(Profile profile) {
        assertThat(profile.tags("dc1", ID, "0.1.0", "", Map.of())).containsEntry("sotto", "1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> profile.tags("dc1", ID, "0.1.0", "", Map.of("sotto", "2")))
                .withMessage("tag \"sotto\" is set by sotto itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"role", "dc", "id", "segment", "build", "vsn", "port", "bootstrap", "expect"})
    void aTagThatConsulsServersActUponCannotBeTakenByHand(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Profile.OBSERVER.tags("dc1", ID, "0.1.0", "", Map.of(name, "x")))
                .withMessageContaining(name)
                .withMessageContaining("observer");
    }

    @Test
    void aVersionWithoutThreeNumbersIsRefusedBecauseConsulCouldNotParseIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Profile.CONSUL_CLIENT.tags("dc1", ID, "unknown", "", Map.of()))
                .withMessageContaining("unknown");
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyProfileIsReadBackFromItsWord(Profile profile) {
        assertThat(Profile.parse(profile.word())).isEqualTo(profile);
    }

    @Test
    void anUnknownWordIsRefusedWithTheWordsThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Profile.parse("server"))
                .withMessage("profile \"server\" is none of serf, consul-client, observer, nomad");
    }

    @Test
    void onlyConsulsProfilesAreBoundToADatacenterAndAdvertiseItsDelegateVersion() {
        assertThat(Profile.SERF.belongsToDatacenter()).isFalse();
        assertThat(Profile.OBSERVER.belongsToDatacenter()).isTrue();
        assertThat(Profile.CONSUL_CLIENT.belongsToDatacenter()).isTrue();
        assertThat(Profile.SERF.versions()).isEqualTo(ProtocolVersions.SERF);
        assertThat(Profile.CONSUL_CLIENT.versions()).isEqualTo(ProtocolVersions.CONSUL);
    }
}
