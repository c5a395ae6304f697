package io.sotto.agent.access;

/**
 * Who sends a request, as far as this agent knows.
 *
 * @param accessor names the token without giving it away
 * @param rules what it may
 */
record Identity(String accessor, Rules rules) {
    /** Of whoever shows no token. */
    static final Identity ANONYMOUS = new Identity("anonymous", Rules.none());
}
