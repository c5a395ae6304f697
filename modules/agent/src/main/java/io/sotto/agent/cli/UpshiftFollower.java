package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows the progress of an upshift as it comes: one bar for each stage, which a terminal writes over, and above it a line for
 * each member that has confirmed the stage, or that is waited for. Used by one thread.
 */
final class UpshiftFollower {
    /** Erases the rest of a terminal's line. */
    private static final String ERASE = "\u001b[K";

    private static final int COLUMNS = 80;

    /** How it shows. */
    enum Form {
        /** Lines, of which the last is written over. */
        TERMINAL,
        /** Lines. */
        TEXT,
        /** What came, line by line, each step once. */
        JSON
    }

    private final UpshiftWords kind;
    private final Form form;
    private final Console console;
    private final int columns;
    private final Set<String> confirmed = new LinkedHashSet<>();
    private final Map<String, String> waits = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private boolean isOver;
    private String head = "";
    private String goal = "";
    private String pause = "";
    private String bar = "";
    private Json last = Json.Nothing.INSTANCE;

    UpshiftFollower(UpshiftWords kind, Form form, Console console) {
        this.kind = kind;
        this.form = form;
        this.console = console;
        this.columns = columns(console.environment().getOrDefault("COLUMNS", ""));
    }

    private static int columns(String told) {
        try {
            return Math.max(COLUMNS / 2, Integer.parseInt(told));
        } catch (NumberFormatException untold) {
            return COLUMNS;
        }
    }

    /** One piece of progress, as the agent sent it; an empty line is only there to show that it lives. */
    void line(String line) {
        if (line.isBlank()) {
            return;
        }
        try {
            Json progress = Json.parse(line);
            boolean isNews = !progress.equals(last);
            last = progress;
            if (form == Form.JSON) {
                if (isNews) {
                    console.out().println(progress.compact());
                }
            } else {
                show(progress);
            }
        } catch (JsonException e) {
            console.err().println("Error reading an answer: " + e.text());
        }
    }

    /** What came last; nothing if none did. */
    Json last() {
        return last;
    }

    /** Ends the line that would have been written over. */
    void close() {
        if (form == Form.TERMINAL && !bar.isEmpty()) {
            console.out().println();
            bar = "";
        }
        console.out().flush();
    }

    private void show(Json progress) {
        if (isOver) {
            return;
        }
        if (!progress.get("Id").asText().isEmpty()) {
            String now = UpshiftText.head(kind, progress);
            if (!now.equals(head)) {
                print(Terminal.printable(now));
                head = now;
            }
        }
        String outcome = progress.get("Outcome").asText();
        String now =
                progress.get("Course").asText() + " " + progress.get("Goal").asText();
        if (!now.equals(goal)) {
            stageEnds(progress);
            goal = now;
            confirmed.clear();
            waits.clear();
        }
        progress.get("Members").asFields().forEach((name, member) -> {
            if (!UpshiftText.isThere(progress, member)) {
                confirmed.remove(name);
            } else if (confirmed.add(name)) {
                tell(name, progress.get("Goal").asText(), member);
            }
        });
        if (outcome.equals("finished")) {
            stageEnds(progress);
        }
        UpshiftText.waitingFor(progress).forEach((name, why) -> {
            Json member = progress.get("Members").get(name);
            String told = UpshiftText.named("  ", name, why) + UpshiftText.mendOfOther(member);
            // For how long somebody has been waited for is no news.
            String kept = told.replaceAll("[0-9]+", "0");
            if (!kept.equals(waits.put(name, kept))) {
                print(told.stripTrailing());
            }
        });
        waits.keySet().retainAll(UpshiftText.waitingFor(progress).keySet());
        String pausing = UpshiftText.pause(progress);
        if (!pausing.isEmpty() && pause.isEmpty()) {
            print("  " + pausing);
        }
        pause = pausing;
        String ending = UpshiftText.ending(kind, progress);
        isOver = !ending.isEmpty();
        if (isOver) {
            print(ending);
            String left = UpshiftText.leftToDo(progress);
            if (!left.isEmpty()) {
                print(left.stripTrailing());
            }
        }
        write(ending.isEmpty() ? UpshiftText.bar(progress) : "");
    }

    /** Of a stage that all have confirmed, the bar is left full below those who did. */
    private void stageEnds(Json progress) {
        String stage = goal.startsWith("forward ") ? goal.substring("forward ".length()) : "";
        if (UpshiftWords.height(stage) > 0 && isConfirmed(progress, stage)) {
            progress.get("Members").asFields().forEach((name, member) -> {
                if (UpshiftWords.height(member.get("Stage").asText()) >= UpshiftWords.height(stage)
                        && confirmed.add(name)) {
                    tell(name, stage, member);
                }
            });
            print(UpshiftText.full(kind, stage));
        }
    }

    private static boolean isConfirmed(Json progress, String stage) {
        return UpshiftWords.height(progress.get("Confirmed").asText()) >= UpshiftWords.height(stage);
    }

    private void tell(String name, String stage, Json member) {
        print("  " + Terminal.printable(name).replace('\n', ' ') + " is " + Terminal.printable(stage) + ", "
                + UpshiftText.ground(member));
    }

    /** A line that stays, above the bar. */
    private void print(String text) {
        lines.add(text);
    }

    /** Writes what there is to tell, and below it the bar; an empty one ends. */
    private void write(String wanted) {
        boolean isTerminal = form == Form.TERMINAL;
        String now = isTerminal && wanted.length() >= columns ? wanted.substring(0, columns - 4) + "..." : wanted;
        if (lines.isEmpty() && now.equals(bar)) {
            return;
        }
        StringBuilder text = new StringBuilder(isTerminal && !bar.isEmpty() ? "\r" + ERASE : "");
        lines.forEach(line -> text.append(line).append(System.lineSeparator()));
        if (isTerminal) {
            text.append(now);
        } else if (!now.equals(bar) && !now.isEmpty()) {
            text.append(now).append(System.lineSeparator());
        }
        console.out().print(text);
        console.out().flush();
        bar = now;
        lines.clear();
    }
}
