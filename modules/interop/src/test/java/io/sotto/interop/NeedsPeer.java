package io.sotto.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that need a real program. Where it is missing they are skipped with one loud line, or fail if
 * {@code SOTTO_PEERS_REQUIRED} names it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PeerCondition.class)
@interface NeedsPeer {
    /** The peer's name in {@code peers.properties}. */
    String value();
}
