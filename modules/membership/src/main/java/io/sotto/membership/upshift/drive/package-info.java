/**
 * Driving an upshift: one member takes a whole pool from plaintext to enforced encryption, or from no TLS to verified TLS, stage
 * by stage, each begun only on evidence that every member has taken the one before. Both kinds climb the same ladder, so there is
 * one machine for both.
 *
 * <pre>
 *   UpshiftKind, UpshiftStage, UpshiftCourse    what is climbed, and how
 *   UpshiftReport, TlsReport -> Stands -> Stand what a member says, and where that puts it
 *   UpshiftRecord, UpshiftJournal               what outlives the driver
 *   UpshiftMachine, Survey -> UpshiftEffect     the driver's decisions
 *   OrderRule -> OrderAnswer                    what a member does with an order
 *   UpshiftProgress, UpshiftPlanner             what people are told
 * </pre>
 */
@NullMarked
package io.sotto.membership.upshift.drive;

import org.jspecify.annotations.NullMarked;
