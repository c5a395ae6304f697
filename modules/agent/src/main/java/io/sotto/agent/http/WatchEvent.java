package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import org.apache.pekko.util.ByteString;

/**
 * One thing that those who watch are told, ready to be sent. Immutable.
 *
 * @param subject the member that it is about; empty if it is about none other than this agent
 * @param text in the form of server-sent events
 */
record WatchEvent(String subject, ByteString text) {
    static WatchEvent of(String type, String subject, Json told) {
        return new WatchEvent(subject, ByteString.fromString("event: " + type + "\ndata: " + told.compact() + "\n\n"));
    }
}
