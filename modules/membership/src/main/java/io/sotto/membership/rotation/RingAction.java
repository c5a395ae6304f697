package io.sotto.membership.rotation;

/** What all members are asked to do with a key. Source: gossip specification, section 17.7. */
public enum RingAction {
    LIST,
    INSTALL,
    USE,
    REMOVE
}
