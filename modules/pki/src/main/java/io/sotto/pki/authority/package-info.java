/**
 * Making certificates: an authority, and what it issues to servers, clients and command lines. Chance and time are arguments;
 * files are the caller's.
 */
@NullMarked
package io.sotto.pki.authority;

import org.jspecify.annotations.NullMarked;
