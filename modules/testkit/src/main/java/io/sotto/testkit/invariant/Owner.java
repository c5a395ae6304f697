package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeAddress;

/** Who a record speaks of: a name at an address. A restarted process is the same owner, an intruder is another. */
record Owner(String name, NodeAddress address) {
    static Owner of(MemberRecord record) {
        return new Owner(record.name(), record.address());
    }

    static Owner of(Life life) {
        return new Owner(life.name(), life.address());
    }

    @Override
    public String toString() {
        return name + " at " + address;
    }
}
