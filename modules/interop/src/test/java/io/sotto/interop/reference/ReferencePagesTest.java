package io.sotto.interop.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.AccessMetric;
import io.sotto.agent.exec.ExecMetric;
import io.sotto.agent.http.WatchMetric;
import io.sotto.agent.metrics.AgentMetric;
import io.sotto.agent.port.PortMetric;
import io.sotto.cluster.enrolment.EnrolmentMetric;
import io.sotto.cluster.upshift.UpshiftMetric;
import io.sotto.gossip.GossipMetric;
import io.sotto.rpc.link.LinkMetric;
import io.sotto.rpc.pool.PoolMetric;
import io.sotto.rpc.tls.TlsMetric;
import io.sotto.wire.Rejection;
import io.sotto.wire.metrics.MetricName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every setting, metric and reason on its page, as the code has it. */
final class ReferencePagesTest {
    private static final Pattern SETTING = Pattern.compile("^\\| `([a-z0-9.-]+)` \\| .* \\|( [^|]*\\|)$");

    private final SettingsTable settings = new SettingsTable();

    /** A row stands where a hand put its key, and its last cell says where there is more; all else is the code's. */
    @Test
    void settingsSayWhatTheReferenceConfigurationSays() throws IOException {
        new ReferencePage("settings.md").isAs(page -> {
            List<String> made = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (String line : page) {
                Matcher setting = SETTING.matcher(line);
                Optional<String> row = setting.matches() ? settings.row(setting.group(1)) : Optional.empty();
                if (row.isEmpty()) {
                    made.add(line);
                } else if (seen.add(setting.group(1))) {
                    made.add(row.get() + setting.group(2));
                }
            }
            return made;
        });
    }

    @Test
    void everySettingHasARowAndEveryRowASetting() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("..", "..", "docs", "reference", "settings.md")).stream()
                .map(SETTING::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(settings.keys());
    }

    @Test
    void metricsAreTheCataloguesOfAllModules() throws IOException {
        List<String> rows = Stream.of(
                        GossipMetric.catalogue(),
                        LinkMetric.catalogue(),
                        PoolMetric.catalogue(),
                        AgentMetric.catalogue(),
                        ExecMetric.catalogue(),
                        TlsMetric.catalogue(),
                        UpshiftMetric.catalogue(),
                        AccessMetric.catalogue(),
                        PortMetric.catalogue(),
                        WatchMetric.catalogue(),
                        EnrolmentMetric.catalogue())
                .flatMap(List::stream)
                .map(ReferencePagesTest::row)
                .toList();
        new ReferencePage("metrics.md").isAs(page -> ReferencePage.withRows(page, "## All of them", before -> rows));
    }

    @Test
    void rejectionsAreAllTheReasonsWithTheirMeaningAndWhatToDo() throws IOException {
        List<String> rows = Arrays.stream(Rejection.Reason.values())
                .map(reason -> "| `" + reason.label() + "` | " + reason.meaning() + " | " + reason.remedy() + " |")
                .toList();
        new ReferencePage("rejections.md").isAs(page -> ReferencePage.withRows(page, "# Rejections", before -> rows));
    }

    private static String row(MetricName metric) {
        return "| `" + metric.dotted() + "` | " + metric.kind().word() + " | "
                + metric.unit().word() + " | "
                + String.join(
                        ", ",
                        metric.labels().stream().map(label -> "`" + label + "`").toList()) + " | "
                + metric.meaning() + " |";
    }
}
