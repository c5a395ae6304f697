/** What is issued, to the letter. */
@NullMarked
package io.sotto.pki.authority;

import org.jspecify.annotations.NullMarked;
