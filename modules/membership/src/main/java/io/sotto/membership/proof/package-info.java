/**
 * Who has shown that it is there: pings that ask those of whom others speak, before what is said of them, or by them,
 * counts. Pure. Source: security rules, "Rules for the packet path".
 */
@NullMarked
package io.sotto.membership.proof;

import org.jspecify.annotations.NullMarked;
