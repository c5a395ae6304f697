package io.sotto.membership.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The user events of the greatest time of each name, of those that were sent to be coalesced. One owner. */
final class LatestOfNames implements Coalescing.Gathering<UserEvent> {
    private final Map<String, List<UserEvent>> latest = new LinkedHashMap<>();
    private int size;

    @Override
    public boolean takes(UserEvent event) {
        return event.coalesce();
    }

    @Override
    public void add(UserEvent event) {
        List<UserEvent> same = latest.computeIfAbsent(event.name(), name -> new ArrayList<>());
        int later = same.isEmpty()
                ? 0
                : Long.compareUnsigned(event.ltime(), same.get(0).ltime());
        if (later > 0) {
            size -= same.size();
            same.clear();
        }
        if (later >= 0) {
            same.add(event);
            size++;
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<UserEvent> drain() {
        List<UserEvent> all = latest.values().stream().flatMap(List::stream).toList();
        latest.clear();
        size = 0;
        return all;
    }
}
