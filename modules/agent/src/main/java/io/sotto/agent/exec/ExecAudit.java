package io.sotto.agent.exec;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of one command of others: who had it run here, what, and what came of it, one line at its beginning and one at
 * its end. What was run is told by its form and a digest, since the words may hold secrets. Source: ours.
 *
 * @param eventId the event that asked for it
 * @param session the session of whoever asked
 * @param from the node at which that session is; {@code unknown} if the servers do not say
 */
record ExecAudit(String eventId, String session, String from, JobSpec spec) {
    private static final Logger LOG = LoggerFactory.getLogger("audit");

    void began() {
        LOG.info(
                "remote exec: from={} session={} event_id={} form={} digest={} outcome=started",
                from,
                session,
                eventId,
                spec.form(),
                spec.digest());
    }

    /** @param detail an exit code, or why there is none */
    void ended(ExecCounts.Outcome outcome, String detail, JobOutput output, Instant since, Instant now) {
        LOG.info(
                "remote exec: from={} session={} event_id={} form={} digest={} outcome={} detail=\"{}\" output_bytes={}"
                        + " dropped_bytes={} duration_ms={}",
                from,
                session,
                eventId,
                spec.form(),
                spec.digest(),
                outcome.word(),
                detail,
                output.taken(),
                output.dropped(),
                Duration.between(since, now).toMillis());
    }

    void failed(String reason) {
        LOG.info(
                "remote exec: from={} session={} event_id={} form={} digest={} outcome=failed detail=\"{}\"",
                from,
                session,
                eventId,
                spec.form(),
                spec.digest(),
                reason);
    }
}
