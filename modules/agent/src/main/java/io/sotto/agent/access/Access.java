package io.sotto.agent.access;

/**
 * What a request needs of its sender. Each {@link Checked} way tells how it is decided. Source: agent behaviour, section 7;
 * golden/acl-matrix.
 */
public enum Access {
    /** Nothing: whoever asks is answered, also with a token that nobody knows. */
    OPEN(Checked.NEVER),
    /** The servers decide: the token goes with the call, and their refusal is the answer. */
    SERVERS(Checked.ELSEWHERE),
    AGENT_READ(Checked.BEFORE),
    AGENT_WRITE(Checked.BEFORE),
    OPERATOR_READ(Checked.BEFORE),
    OPERATOR_WRITE(Checked.BEFORE),
    KEYRING_READ(Checked.BEFORE),
    KEYRING_WRITE(Checked.BEFORE),
    /** To see a member: what may not be seen is left out of the answer. */
    NODE_READ(Checked.EACH_ENTRY),
    /** To see a service, or a check of one. */
    SERVICE_READ(Checked.EACH_ENTRY),
    /** To see an event that was received. */
    EVENT_READ(Checked.EACH_ENTRY),
    EVENT_WRITE(Checked.BEFORE),
    EXEC_WRITE(Checked.BEFORE),
    /** To read a key of the servers' store, where this agent guards it in their stead. */
    KEY_READ(Checked.EACH_ENTRY),
    KEY_WRITE(Checked.EACH_ENTRY),
    /** To write every key that begins so. */
    KEY_WRITE_ALL(Checked.EACH_ENTRY),
    /** To see a session of a node, where this agent guards it in the servers' stead. */
    SESSION_READ(Checked.EACH_ENTRY),
    SESSION_WRITE(Checked.EACH_ENTRY);

    /** How the need is looked at. */
    public enum Checked {
        /** Not at all. */
        NEVER,
        /** By the servers. */
        ELSEWHERE,
        /** Before anything is done; who may not is refused. */
        BEFORE,
        /** The token must be known; what it may not see is left out, entry by entry. */
        EACH_ENTRY
    }

    private final Checked checked;

    Access(Checked checked) {
        this.checked = checked;
    }

    public Checked checked() {
        return checked;
    }
}
