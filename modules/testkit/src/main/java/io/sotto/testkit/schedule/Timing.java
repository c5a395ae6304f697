package io.sotto.testkit.schedule;

import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import java.time.Duration;
import java.util.Locale;

/** The settings that all members of a schedule have. Source: gossip specification, section 15; {@link #QUICK} is ours. */
public enum Timing {
    /** As {@link #LAN}, but what is rare there is frequent: exchanges of views, tries to reconnect, forgetting, self-doubt. */
    QUICK {
        @Override
        public SwimSettings swim() {
            SwimSettings lan = SwimSettings.lan();
            return new SwimSettings(
                    Duration.ofSeconds(5),
                    lan.indirectChecks(),
                    lan.retransmitMult(),
                    lan.suspicionMult(),
                    lan.suspicionMaxTimeoutMult(),
                    Duration.ofSeconds(8),
                    lan.probeInterval(),
                    lan.probeTimeout(),
                    lan.awarenessMaxMultiplier(),
                    lan.gossipNodes(),
                    lan.gossipInterval(),
                    Duration.ofSeconds(10),
                    lan.udpBufferBytes(),
                    lan.deadNodeReclaimTime(),
                    lan.metaMaxBytes(),
                    lan.caution()
                            .with(
                                    Duration.ofSeconds(20),
                                    lan.caution().pingRepeats(),
                                    lan.caution().surePercent()));
        }

        @Override
        public SerfSettings serf() {
            SerfSettings serf = SerfSettings.serf();
            return new SerfSettings(
                    serf.broadcastTimeout(),
                    serf.leavePropagateDelay(),
                    Duration.ofSeconds(3),
                    serf.recentIntentTimeout(),
                    Duration.ofSeconds(5),
                    serf.reconnectTimeout(),
                    Duration.ofMinutes(2),
                    serf.queueMinDepth(),
                    serf.queueMaxDepth(),
                    serf.events());
        }
    },
    /** The Serf agent's own. */
    LAN {
        @Override
        public SwimSettings swim() {
            return SwimSettings.lan();
        }

        @Override
        public SerfSettings serf() {
            return SerfSettings.serf();
        }
    },
    /** Memberlist's for one machine: one helper, fewer transmissions, less time for suspects. */
    LOCAL {
        @Override
        public SwimSettings swim() {
            return SwimSettings.local();
        }

        @Override
        public SerfSettings serf() {
            return QUICK.serf();
        }
    };

    public abstract SwimSettings swim();

    public abstract SerfSettings serf();

    /** The word in a schedule's text. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
