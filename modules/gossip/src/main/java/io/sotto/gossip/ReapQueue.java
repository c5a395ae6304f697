package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The members that Serf takes for failed or left, by when it will have had them so for long enough to forget them: the
 * reaper looks at those that are due, and at nobody else. One owner, {@link Members}. Source: ours.
 */
final class ReapQueue {
    private record Place(Instant at, String name) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int order = at.compareTo(other.at);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    private final SerfSettings settings;
    private final NavigableSet<Place> order = new TreeSet<>();
    private final Map<String, Place> byName = new HashMap<>();

    ReapQueue(SerfSettings settings) {
        this.settings = settings;
    }

    /** A member's record is now this. */
    void changed(MemberRecord record) {
        Optional<Instant> due = due(record);
        if (due.isEmpty()) {
            forgotten(record.name());
            return;
        }
        Place place = new Place(due.get(), record.name());
        Place before = byName.put(record.name(), place);
        if (!place.equals(before)) {
            if (before != null) {
                order.remove(before);
            }
            order.add(place);
        }
    }

    void forgotten(String name) {
        Place place = byName.remove(name);
        if (place != null) {
            order.remove(place);
        }
    }

    /** Whose time is over, the eldest first; they stay until they change or are forgotten. */
    List<String> due(Instant now) {
        List<String> due = new ArrayList<>();
        for (Place place : order) {
            if (!place.at.isBefore(now)) {
                break;
            }
            due.add(place.name);
        }
        return due;
    }

    private Optional<Instant> due(MemberRecord record) {
        return switch (record.status()) {
            case FAILED -> Optional.of(record.changedAt().plus(settings.reconnectTimeout()));
            case LEFT -> Optional.of(record.changedAt().plus(settings.tombstoneTimeout()));
            case NONE, ALIVE, LEAVING -> Optional.empty();
        };
    }
}
