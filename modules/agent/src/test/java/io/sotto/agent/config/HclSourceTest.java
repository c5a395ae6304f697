package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HclSourceTest {
    @Test
    void aFileNestedDeeperThanTheStackIsAFaultThatNamesIt() {
        List<Fault> faults = new ArrayList<>();
        int deep = 20_000;

        Node.Table root = HclSource.read("deep.hcl", "a = " + "[".repeat(deep) + "]".repeat(deep), faults);

        assertThat(root.entries()).isEmpty();
        assertThat(faults)
                .singleElement()
                .satisfies(fault -> assertThat(fault.toString()).contains("deep.hcl", "not HCL: nested too deeply"));
    }
}
