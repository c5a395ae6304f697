package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Upshifts for people: what the agent's answers say, as text. Pure. */
final class UpshiftText {
    private static final int BAR = 20;
    private static final int NAMES_MAX = 4;

    private UpshiftText() {}

    /** One line for the stage that is being taken: {@code [#####...............] 1/3 ready 2/8, waiting for n3, n4}. */
    static String bar(Json progress) {
        String goal = progress.get("Goal").asText();
        long of = progress.get("Of").asLong();
        long done = Math.min(progress.get("Done").asLong(), of);
        StringBuilder line = new StringBuilder(drawn(done, of)).append(' ');
        if (isBack(progress)) {
            line.append("going back to ").append(goal);
        } else {
            line.append(UpshiftWords.height(goal)).append("/").append(UpshiftWords.STAGES.size());
            line.append(' ').append(goal);
        }
        line.append(' ').append(done).append('/').append(of);
        List<String> names = new ArrayList<>(waitingFor(progress).keySet());
        names.remove("");
        if (!names.isEmpty()) {
            line.append(", waiting for ").append(some(names));
        }
        if (isTrue(progress.get("WaitingForNext"))) {
            line.append(", waits to be told to go on");
        }
        return onOneLine(line.toString());
    }

    /** The same of a stage that all have confirmed. */
    static String full(UpshiftWords kind, String stage) {
        return drawn(1, 1) + " " + UpshiftWords.height(stage) + "/" + UpshiftWords.STAGES.size() + " " + stage + ": "
                + kind.meaning(stage);
    }

    /** What it waits for although nobody is missing; empty if nothing, and once it is over. */
    static String pause(Json progress) {
        return isTrue(progress.get("UnderWay"))
                        && progress.get("Outcome").asText().isEmpty()
                ? onOneLine(progress.get("Text").asText())
                : "";
    }

    /** What is called off before it is known where all are moves nobody, and has no stage. */
    private static String undone(Json progress) {
        String goal = progress.get("Goal").asText();
        boolean isAnyAbove = progress.get("Members").asFields().values().stream()
                .anyMatch(member -> UpshiftWords.height(member.get("Stage").asText()) > 0);
        return UpshiftWords.height(goal) == 0 && isAnyAbove
                ? "Called off before anybody was moved."
                : "Called off: all are at the stage " + goal + ".";
    }

    /** How it ended; empty while it has not. */
    static String ending(UpshiftWords kind, Json progress) {
        if (!pause(progress).isEmpty()) {
            return "";
        }
        String text = progress.get("Text").asText();
        String end = switch (progress.get("Outcome").asText()) {
            case "" -> "";
            case "finished" ->
                "Done: " + kind.meaning("enforced")
                        + (without(progress).isEmpty() ? "." : ", but for " + some(without(progress)) + ".");
            case "undone" -> undone(progress);
            case "taken-over" -> "Another member drives it by now: " + kind.command("status") + " shows how it stands.";
            default -> "It did not begin.";
        };
        return onOneLine(end + (end.isEmpty() || text.isEmpty() ? "" : " ") + text);
    }

    /** Where it stands, member by member. */
    static String status(UpshiftWords kind, Json progress) {
        StringBuilder out = new StringBuilder();
        if (progress.get("Id").asText().isEmpty()) {
            String text = progress.get("Text").asText();
            out.append(onOneLine(text.isEmpty() ? "No upshift of " + kind.word() + " is known here." : text))
                    .append('\n');
        } else {
            out.append(onOneLine(head(kind, progress))).append('\n');
            String ending = ending(kind, progress);
            if (ending.isEmpty()) {
                out.append(bar(progress)).append('\n');
                String text = progress.get("Text").asText();
                out.append(text.isEmpty() ? "" : onOneLine(text) + "\n");
            } else {
                out.append(ending).append('\n');
            }
        }
        out.append(table(progress.get("Members")));
        for (Map.Entry<String, String> entry : names(progress.get("Without")).entrySet()) {
            out.append(onOneLine("Goes on without " + entry.getKey() + ": " + entry.getValue()))
                    .append('\n');
        }
        out.append(waits(progress));
        out.append(leftToDo(progress));
        return out.toString();
    }

    /** What is left to be done by hand on members that nothing waits for, such as to write down what was changed there. */
    static String leftToDo(Json progress) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        new TreeMap<>(progress.get("Members").asFields()).forEach((name, member) -> {
            String mend = member.get("Mend").asText();
            boolean isToldAlready = waitingFor(progress).containsKey(name)
                    && !mendOfOther(member).isEmpty();
            if (!mend.isEmpty() && !isToldAlready) {
                members.computeIfAbsent(mend, none -> new ArrayList<>()).add(name);
            }
        });
        StringBuilder out = new StringBuilder();
        members.forEach((mend, names) -> out.append(named("  ", some(names), mend)));
        return out.toString();
    }

    /** What would be done, and what stands in its way. */
    static String plan(UpshiftWords kind, Json plan) {
        StringBuilder out = new StringBuilder(table(plan.get("Members")));
        List<Json> steps = plan.get("Steps").asElements();
        if (steps.isEmpty()) {
            return out.append("Nothing is left to do: ")
                    .append(kind.meaning("enforced"))
                    .append(".\n")
                    .toString();
        }
        for (Json step : steps) {
            String stage = step.get("Stage").asText();
            out.append(UpshiftWords.height(stage))
                    .append("/")
                    .append(UpshiftWords.STAGES.size())
                    .append(' ')
                    .append(onOneLine(stage))
                    .append(": ")
                    .append(kind.meaning(stage))
                    .append('\n');
            names(step.get("Changes")).forEach((name, change) -> out.append(named("  ", name, change)));
            names(step.get("ByHand")).forEach((name, mend) -> out.append(named("  by hand on ", name, mend)));
        }
        Map<String, String> obstacles = names(plan.get("Obstacles"));
        if (!obstacles.isEmpty()) {
            out.append("In the way:\n");
            obstacles.forEach((name, why) -> out.append(named("  ", name, why)));
        }
        return out.append(obstacles.isEmpty() ? "Begin: " : "Once that is out of the way: ")
                .append(kind.command("run"))
                .append('\n')
                .toString();
    }

    /** A member and what is said of it; a text of several lines keeps them. */
    static String named(String before, String name, String text) {
        String first = before + (name.isEmpty() ? "" : onOneLine(name) + ": ");
        return first + Terminal.printable(text.strip()).replace("\n", "\n      ") + "\n";
    }

    /** Whom it waits for, why, and what mends it where somebody has to. */
    static String waits(Json progress) {
        StringBuilder out = new StringBuilder();
        waitingFor(progress).forEach((name, why) -> {
            out.append(named("  ", name, why));
            out.append(mendOfOther(progress.get("Members").get(name)));
        });
        return out.toString();
    }

    /**
     * What has to be done by hand on a member that takes no orders; empty if nothing has. Who reports on itself has at most
     * something to write down in the end.
     */
    static String mendOfOther(Json member) {
        String mend = member.get("Mend").asText();
        return mend.isEmpty() || member.get("Ground").asText().equals("report") ? "" : named("      ", "", mend);
    }

    /** How a member's stage is known. */
    static String ground(Json member) {
        return switch (member.get("Ground").asText()) {
            case "report" -> "by its own report";
            case "traffic" -> "by its traffic";
            case "vouched" -> "vouched for";
            default -> "not known";
        };
    }

    static Map<String, String> waitingFor(Json progress) {
        return names(progress.get("WaitingFor"));
    }

    static List<String> without(Json progress) {
        return List.copyOf(names(progress.get("Without")).keySet());
    }

    static boolean isBack(Json progress) {
        return progress.get("Course").asText().equals("back");
    }

    static boolean isTrue(Json flag) {
        return flag.compact().equals("true");
    }

    /** Whether a member has come to where all are being brought. */
    static boolean isThere(Json progress, Json member) {
        int height = UpshiftWords.height(member.get("Stage").asText());
        int goal = UpshiftWords.height(progress.get("Goal").asText());
        boolean isKnown = !member.get("Ground").asText().equals("unknown");
        return isBack(progress) ? isKnown && height <= goal : height >= goal;
    }

    /** Who drives which upshift. */
    static String head(UpshiftWords kind, Json progress) {
        long epoch = progress.get("Epoch").asLong();
        String key = progress.get("KeyId").asText();
        return "Upshift of " + kind.word() + " " + progress.get("Id").asText() + ", driven by "
                + progress.get("Driver").asText() + (epoch > 1 ? " (number " + epoch + " to drive it)" : "")
                + (key.isEmpty() ? "" : ", key " + key)
                + (isTrue(progress.get("Stepwise")) ? ", stage by stage" : "");
    }

    private static String table(Json members) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Node", "Stage", "Known", "Hindrance"));
        new TreeMap<>(members.asFields())
                .forEach((name, member) -> rows.add(List.of(
                        onOneLine(name),
                        onOneLine(member.get("Stage").asText()),
                        ground(member),
                        onOneLine(member.get("Hindrance").asText()))));
        return rows.size() == 1 ? "" : Columns.format(rows) + "\n";
    }

    private static String drawn(long done, long of) {
        int filled = of == 0 ? 0 : (int) (done * BAR / of);
        return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "]";
    }

    private static String some(List<String> names) {
        return names.size() <= NAMES_MAX
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMES_MAX)) + " and " + (names.size() - NAMES_MAX) + " more";
    }

    private static Map<String, String> names(Json fields) {
        Map<String, String> names = new TreeMap<>();
        fields.asFields().forEach((name, text) -> names.put(name, text.asText()));
        return names;
    }

    private static String onOneLine(String text) {
        return Terminal.printable(text).replace('\n', ' ').replace('\t', ' ');
    }
}
