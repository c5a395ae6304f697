package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.Attendance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is there, who was, and what is remembered of each. Of listed and expected members only, so it is bounded. */
final class Roll {
    private final Set<String> listed = new HashSet<>();
    private final Set<String> reporters = new HashSet<>();
    private final Map<String, UpshiftStage> floors = new HashMap<>();
    private Attendance attendance = Attendance.of(List.of(), List.of(), List.of());

    Attendance attendance() {
        return attendance;
    }

    /** The highest stage that each was known to be on; it is taken to be there still while it is away. */
    Map<String, UpshiftStage> floors() {
        return floors;
    }

    /** Takes in who is there. Whoever was expected and has not been listed in this life is away. */
    void attend(Attendance present, SortedSet<String> expected) {
        SortedSet<String> names = new TreeSet<>(present.counted());
        names.addAll(present.left());
        listed.addAll(names);
        NavigableSet<String> failed = new TreeSet<>(present.failed());
        expected.stream().filter(name -> !listed.contains(name)).forEach(failed::add);
        attendance = new Attendance(present.alive(), failed, present.left());
        listed.retainAll(names);
        floors.keySet().retainAll(attendance.counted());
        reporters.retainAll(attendance.alive());
    }

    /** What came back, without what traffic seems to show of members that report: it would stand in for what they do not say. */
    Map<String, Stand> sifted(Map<String, Stand> stands) {
        SortedMap<String, Stand> sifted = new TreeMap<>(stands);
        sifted.forEach((name, stand) -> {
            if (stand.ground() == Stand.Ground.REPORT) {
                reporters.add(name);
            }
        });
        sifted.entrySet()
                .removeIf(stand ->
                        stand.getValue().ground() == Stand.Ground.TRAFFIC && reporters.contains(stand.getKey()));
        return sifted;
    }

    /** Remembers where they are. */
    void note(Survey survey) {
        for (String name : attendance.counted()) {
            survey.stage(name).ifPresent(stage -> floors.put(name, stage));
        }
    }
}
