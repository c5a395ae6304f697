/**
 * The tables of the reference pages, made out of the code that they speak of. The prose around them is written by hand.
 */
@NullMarked
package io.sotto.interop.reference;

import org.jspecify.annotations.NullMarked;
