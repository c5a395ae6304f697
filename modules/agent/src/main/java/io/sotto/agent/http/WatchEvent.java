package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import org.apache.pekko.util.ByteString;

/**
 * One thing that those who watch are told, ready to be sent. Immutable.
 *
 * @param subject the member that it is about; empty if it is about none other than this agent
 * @param text in the form of server-sent events
 * @param access what whoever is told needs; {@link Access#OPEN} for no more than to watch
 */
record WatchEvent(String subject, ByteString text, Access access) {
    /** About this agent or the whole pool, for those who may this much. */
    static WatchEvent of(String type, Json told, Access access) {
        return new WatchEvent("", text(type, told), access);
    }

    static WatchEvent of(String type, String subject, Json told) {
        return new WatchEvent(subject, text(type, told), subject.isEmpty() ? Access.OPEN : Access.NODE_READ);
    }

    private static ByteString text(String type, Json told) {
        return ByteString.fromString("event: " + type + "\ndata: " + told.compact() + "\n\n");
    }
}
