package io.sotto.agent.access;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A request as far as access to it is concerned. Its text holds no secret.
 *
 * @param access what it needs
 * @param resource whose or which, such as the name of an event; empty where there is but one
 * @param token as sent; empty for none
 * @param remote where it came from; empty where it came over no socket
 * @param method of HTTP, in capitals
 * @param path without the query, which may hold the token
 */
public record AccessCall(
        Access access,
        String resource,
        Optional<Token> token,
        Optional<InetSocketAddress> remote,
        String method,
        String path) {}
