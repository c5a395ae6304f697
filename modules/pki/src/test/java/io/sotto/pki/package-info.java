/** What the policy decides, and what engines make of every kind of certificate. */
@NullMarked
package io.sotto.pki;

import org.jspecify.annotations.NullMarked;
