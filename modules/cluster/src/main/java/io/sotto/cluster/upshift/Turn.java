package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftEffect;
import io.sotto.membership.upshift.drive.UpshiftMachine;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** One upshift that this node drives, with what is due and what goes with its orders. Owned by the actor that drives it. */
final class Turn {
    final UpshiftMachine machine;
    private final Deque<UpshiftEffect> due = new ArrayDeque<>();
    private Optional<UpshiftRecord> overtaken = Optional.empty();
    private Optional<String> counted = Optional.empty();
    private Optional<News> last = Optional.empty();
    private String token = "";

    /** What of a progress is worth a line in the log. */
    private record News(UpshiftStage goal, SortedSet<String> waitingFor, String text) {}

    Turn(UpshiftMachine machine) {
        this.machine = machine;
    }

    void add(List<UpshiftEffect> effects) {
        due.addAll(effects);
    }

    Optional<UpshiftEffect> next() {
        return Optional.ofNullable(due.poll());
    }

    void putBack(UpshiftEffect effect) {
        due.addFirst(effect);
    }

    /** The record that this node holds instead of the driver's own, since it obeyed another driver. */
    void overtaken(Optional<UpshiftRecord> later) {
        overtaken = later;
    }

    Optional<UpshiftRecord> overtaken() {
        return overtaken;
    }

    /** What lets orders pass; an empty one leaves the last. */
    void token(String given) {
        if (!given.isEmpty()) {
            token = given;
        }
    }

    String token() {
        return token;
    }

    /** Whether nothing was written of this id and epoch before. */
    boolean isFirstOf(UpshiftRecord record) {
        String mark = record.id() + " " + record.epoch();
        boolean isFirst = !counted.equals(Optional.of(mark));
        counted = Optional.of(mark);
        return isFirst;
    }

    boolean isNews(UpshiftProgress progress) {
        News news = new News(
                machine.record().goal(), new TreeSet<>(progress.waitingFor().keySet()), progress.text());
        boolean isNews = !last.equals(Optional.of(news));
        last = Optional.of(news);
        return isNews;
    }
}
