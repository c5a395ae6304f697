package io.sotto.cluster.server;

import io.sotto.cluster.Member;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Collection;

/**
 * The shapes of a real server's answers. Pure.
 *
 * <p>Source: RPC specification, sections 4 and 5; the recorded calls of real agents.
 */
final class Replies {
    private static final int EXPECTED_BYTES = 512;
    private static final int IPV4_BYTES = 4;

    private Replies() {}

    static RpcAnswer reply(MsgpackWriter body) {
        return new RpcAnswer.Reply(body.toOctets());
    }

    static MsgpackWriter writer() {
        return new MsgpackWriter(EXPECTED_BYTES);
    }

    static RpcAnswer empty() {
        return reply(writer().map(0));
    }

    static RpcAnswer text(String text) {
        return reply(writer().text(text));
    }

    static RpcAnswer texts(Collection<String> texts) {
        MsgpackWriter writer = writer().list(texts.size());
        texts.forEach(writer::text);
        return reply(writer);
    }

    /** A server that keeps no log. */
    static RpcAnswer noLog() {
        return reply(writer().map(3)
                .key("LastContact")
                .text("never")
                .key("LastIndex")
                .unsigned(0)
                .key("LastTerm")
                .unsigned(0));
    }

    /** The beginning of a reply with meta data and one more field, whose name sorts between these two. */
    static MsgpackWriter beforeIndex(String field) {
        return writer().map(5).key("ConsistencyLevel").text("").key(field);
    }

    /** The end of the same; nobody leads here. */
    static MsgpackWriter index(MsgpackWriter writer, long index) {
        return writer.key("Index")
                .unsigned(index)
                .key("KnownLeader")
                .bool(false)
                .key("LastContact")
                .unsigned(0);
    }

    static RpcAnswer onlyIndex(long index) {
        return reply(index(writer().map(4).key("ConsistencyLevel").text(""), index));
    }

    /** A member as a node of the catalog. */
    static void node(MsgpackWriter writer, Member member, String datacenter, ChangeIndex.Of changes) {
        writer.map(8).key("Address").text(ip(member));
        writer.key("CreateIndex").unsigned(changes.created());
        writer.key("Datacenter").text(datacenter);
        writer.key("ID").text(member.tags().getOrDefault("id", ""));
        meta(writer.key("Meta"), member);
        writer.key("ModifyIndex").unsigned(changes.modified());
        writer.key("Node").text(member.name());
        addresses(writer.key("TaggedAddresses"), member);
    }

    /** A member with its one check, which gossip answers. */
    static void dumped(MsgpackWriter writer, Member member, ChangeIndex.Of changes) {
        writer.map(7).key("Address").text(ip(member));
        writer.key("Checks").list(1);
        check(writer, member, changes);
        writer.key("ID").text(member.tags().getOrDefault("id", ""));
        meta(writer.key("Meta"), member);
        writer.key("Node").text(member.name());
        writer.key("Services").nil();
        addresses(writer.key("TaggedAddresses"), member);
    }

    private static void check(MsgpackWriter writer, Member member, ChangeIndex.Of changes) {
        boolean alive = member.status() == Member.Status.ALIVE;
        writer.map(13).key("CheckID").text("serfHealth");
        writer.key("CreateIndex").unsigned(changes.created());
        writer.key("Definition").map(0);
        writer.key("ModifyIndex").unsigned(changes.modified());
        writer.key("Name").text("Serf Health Status");
        writer.key("Node").text(member.name());
        writer.key("Notes").text("");
        writer.key("Output").text(alive ? "Agent alive and reachable" : "Agent not live or unreachable");
        writer.key("ServiceID").text("");
        writer.key("ServiceName").text("");
        writer.key("ServiceTags").nil();
        writer.key("Status").text(alive ? "passing" : "critical");
        writer.key("Type").text("");
    }

    private static void meta(MsgpackWriter writer, Member member) {
        writer.map(1).key("consul-network-segment").text(member.tags().getOrDefault("segment", ""));
    }

    private static void addresses(MsgpackWriter writer, Member member) {
        String ip = ip(member);
        String family = member.address().ip().length() == IPV4_BYTES ? "ipv4" : "ipv6";
        writer.map(4).key("lan").text(ip);
        writer.key("lan_" + family).text(ip);
        writer.key("wan").text(ip);
        writer.key("wan_" + family).text(ip);
    }

    static String ip(Member member) {
        return member.address()
                .socket()
                .map(socket -> socket.getAddress().getHostAddress())
                .orElse("");
    }

    static void coordinate(MsgpackWriter writer, String node, String segment, Coordinate coordinate) {
        writer.map(3).key("Coord").map(4);
        writer.key("Adjustment").float64(coordinate.adjustment());
        writer.key("Error").float64(coordinate.error());
        writer.key("Height").float64(coordinate.height());
        double[] vector = coordinate.vector();
        writer.key("Vec").list(vector.length);
        for (double component : vector) {
            writer.float64(component);
        }
        writer.key("Node").text(node);
        writer.key("Segment").text(segment);
    }

    static Octets nothing() {
        return writer().map(0).toOctets();
    }
}
