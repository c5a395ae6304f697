package io.sotto.membership.upshift.drive;

import io.sotto.membership.upshift.SelfReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a member says of itself when the driver asks it, over a connection whose other end has proved who it is. Never pushed: a
 * driver counts only what it has asked for.
 *
 * @param member its name
 * @param gossip of its encryption; empty while it has no key
 * @param tls of its calls
 * @param records the last upshift of each kind that it took part in
 * @param reportedAt the time of the report by its own clock
 */
public record UpshiftReport(
        String member, Optional<SelfReport> gossip, TlsReport tls, List<UpshiftRecord> records, Instant reportedAt) {
    public UpshiftReport {
        records = List.copyOf(records);
    }
}
