/**
 * Carrying enrolment out: the authority's end, which takes requests over connections that prove nothing yet, and the member's, which
 * asks and writes what it got. What is granted and what is believed is decided in {@link io.sotto.pki.enrolment}.
 */
@NullMarked
package io.sotto.cluster.enrolment;

import org.jspecify.annotations.NullMarked;
