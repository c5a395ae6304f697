package io.sotto.rpc.link;

/**
 * How a connection ended, or why it is to.
 *
 * @param orderly whether this was meant: a drain, from either side, that let its calls end
 * @param reason for people
 */
public record LinkEnd(boolean orderly, String reason) {}
