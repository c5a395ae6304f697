package io.sotto.membership.event;

import io.sotto.membership.MemberEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest event of each member, unless it says what was said of that member last. One owner. */
final class LatestOfMembers implements Coalescing.Gathering<MemberEvent> {
    private final Map<String, MemberEvent> latest = new LinkedHashMap<>();
    private final Map<String, MemberEvent.Kind> told = new HashMap<>();

    @Override
    public boolean takes(MemberEvent event) {
        return true;
    }

    @Override
    public void add(MemberEvent event) {
        latest.put(event.member().name(), event);
    }

    @Override
    public int size() {
        return latest.size();
    }

    @Override
    public List<MemberEvent> drain() {
        List<MemberEvent> all = new ArrayList<>();
        latest.forEach((name, event) -> {
            MemberEvent.Kind before = told.put(name, event.kind());
            if (before != event.kind() || event.kind() == MemberEvent.Kind.UPDATED) {
                all.add(event);
            }
            if (event.kind() == MemberEvent.Kind.REAPED) {
                // Nobody knows the name any more, and names come without end.
                told.remove(name);
            }
        });
        latest.clear();
        return all;
    }
}
