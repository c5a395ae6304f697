package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The progress of a rotation for people. Pure. */
final class RotationText {
    private static final List<String> PHASES = List.of(
            "surveying",
            "making",
            "installing",
            "checking",
            "using",
            "confirming",
            "waiting",
            "removing",
            "clearing",
            "done");
    private static final int BAR = 20;

    private RotationText() {}

    /** One line: {@code [########............] checking 6/7, waiting for n3 (is away)}. */
    static String line(Json progress) {
        String outcome = progress.get("Outcome").asText();
        String phase = progress.get("Phase").asText();
        int filled = outcome.equals("finished") ? BAR : Math.max(0, PHASES.indexOf(phase)) * BAR / PHASES.size();
        StringBuilder line = new StringBuilder("[")
                .append("#".repeat(filled))
                .append(".".repeat(BAR - filled))
                .append("] ")
                .append(outcome.isEmpty() ? course(progress) + phase + count(progress) : outcome + keys(progress));
        Map<String, String> waitingFor = waitingFor(progress);
        if (!waitingFor.isEmpty()) {
            List<String> names = new ArrayList<>();
            waitingFor.forEach((name, why) -> names.add(name + " (" + why + ")"));
            line.append(", waiting for ").append(String.join(", ", names));
        }
        String text = progress.get("Text").asText();
        if (!text.isEmpty()) {
            line.append(": ").append(text);
        }
        if (!outcome.isEmpty() && progress.get("Pools") instanceof Json.Fields pools) {
            List<String> told = new ArrayList<>();
            pools.fields().forEach((name, how) -> told.add(name + " " + how.asText()));
            line.append("; ").append(String.join(", ", told));
        }
        return Terminal.printable(line.toString()).replace('\n', ' ');
    }

    /** The same, or, when there is no rotation, what is known of the last. */
    static String whole(Json progress) {
        return progress.get("Phase").asText().equals("idle")
                ? Terminal.printable(progress.get("Text").asText())
                : line(progress);
    }

    static Map<String, String> waitingFor(Json progress) {
        Map<String, String> waitingFor = new LinkedHashMap<>();
        if (progress.get("WaitingFor") instanceof Json.Fields fields) {
            fields.fields().forEach((name, why) -> waitingFor.put(name, why.asText()));
        }
        return waitingFor;
    }

    private static String course(Json progress) {
        return progress.get("Course").asText().equals("back") ? "going back, " : "";
    }

    private static String count(Json progress) {
        long members = progress.get("Members").asLong();
        return members == 0 ? "" : " " + progress.get("Done").asLong() + "/" + members;
    }

    private static String keys(Json progress) {
        String key = progress.get("NewKey").asText();
        return key.isEmpty() ? "" : " with key " + key;
    }
}
