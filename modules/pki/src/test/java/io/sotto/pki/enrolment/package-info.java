/** Tests of enrolment. */
@NullMarked
package io.sotto.pki.enrolment;

import org.jspecify.annotations.NullMarked;
