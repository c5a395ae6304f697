package io.sotto.gossip.datapath;

import com.typesafe.config.Config;
import io.sotto.wire.crypto.ReplayGuard;

/**
 * Which authentic envelopes are taken in where claims are guarded.
 *
 * @param acceptsVersion0 whether those of version 0 are, which only members write whose memberlist protocol is 1
 * @param replay how much is remembered of what came before
 */
public record EnvelopeSettings(boolean acceptsVersion0, ReplayGuard.Settings replay) {
    /** No version 0. */
    public static EnvelopeSettings defaults() {
        return new EnvelopeSettings(false, ReplayGuard.Settings.defaults());
    }

    /** Reads {@code sotto.gossip.datapath.envelopes}. */
    public static EnvelopeSettings from(Config envelopes) {
        return new EnvelopeSettings(
                envelopes.getBoolean("accept-version-0"),
                new ReplayGuard.Settings(
                        envelopes.getInt("replay-windows-max"),
                        envelopes.getDuration("duplicate-time"),
                        envelopes.getInt("duplicates-max")));
    }
}
