package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstContactTest {
    private final FirstContact contact = new FirstContact("dc1");

    private static MemberEvent event(MemberEvent.Kind kind, String name, String datacenter, Member.Status status) {
        return new MemberEvent(
                kind, WanMembers.member(name, "127.0.0.9", 8302, status, Map.of("role", "consul", "dc", datacenter)));
    }

    private boolean joined(String name, String datacenter) {
        return contact.isFirst(event(MemberEvent.Kind.JOINED, name, datacenter, Member.Status.ALIVE));
    }

    @Test
    void theFirstServerOfEachOtherDatacenterIsAskedAndNoFurtherOne() {
        assertThat(joined("a.dc1", "dc1")).as("our own datacenter").isFalse();
        assertThat(joined("b.dc2", "dc2")).isTrue();
        assertThat(joined("c.dc2", "dc2")).isFalse();
        assertThat(joined("d.dc3", "dc3")).isTrue();
    }

    @Test
    void whoIsNotThereIsNotAsked() {
        assertThat(contact.isFirst(event(MemberEvent.Kind.FAILED, "b.dc2", "dc2", Member.Status.FAILED)))
                .isFalse();
        assertThat(contact.isFirst(event(MemberEvent.Kind.JOINED, "b.dc2", "dc2", Member.Status.LEFT)))
                .isFalse();
        assertThat(joined("b.dc2", "dc2")).isTrue();
    }

    @Test
    void afterAFailureTheNextOneIsTheFirst() {
        assertThat(joined("b.dc2", "dc2")).isTrue();
        contact.forget("dc2");
        assertThat(joined("c.dc2", "dc2")).isTrue();
    }
}
