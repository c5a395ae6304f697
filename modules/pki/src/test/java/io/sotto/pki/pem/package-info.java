/** Every kind of PEM, whole and broken. */
@NullMarked
package io.sotto.pki.pem;

import org.jspecify.annotations.NullMarked;
