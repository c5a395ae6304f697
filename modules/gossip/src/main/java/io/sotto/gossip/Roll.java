package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.rotation.Attendance;
import io.sotto.wire.message.Tags;
import java.util.ArrayList;
import java.util.List;

/** Who is there and who is away, as a rotation of the key counts it. Pure. */
final class Roll {
    private Roll() {}

    static Attendance attendance(MembersView view) {
        List<String> alive = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> left = new ArrayList<>();
        alive.add(view.self().name());
        for (MemberRecord record : view.records()) {
            switch (record.status()) {
                case ALIVE, LEAVING -> alive.add(record.name());
                case FAILED -> failed.add(record.name());
                case LEFT -> left.add(record.name());
                case NONE -> {
                    // Nobody lists it.
                }
            }
        }
        return Attendance.of(alive, failed, left);
    }

    /** The names of those that are there and are of this kind, sorted, this node among them. */
    static List<String> sotto(MembersView view) {
        return view.records().stream()
                .filter(record -> record.isAlive()
                        && (record.name().equals(view.self().name())
                                || Tags.decode(record.meta()).containsKey(SottoQuery.TAG)))
                .map(MemberRecord::name)
                .sorted()
                .toList();
    }
}
