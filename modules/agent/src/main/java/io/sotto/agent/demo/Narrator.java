package io.sotto.agent.demo;

import io.sotto.agent.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what the demo does, for people or, one JSON object a line, for programs. One thread. */
abstract sealed class Narrator {
    /** How the story is told. */
    enum Format {
        TEXT,
        JSON
    }

    final PrintStream out;

    private Narrator(PrintStream out) {
        this.out = out;
    }

    static Narrator create(Format format, PrintStream out) {
        return switch (format) {
            case TEXT -> new ForPeople(out);
            case JSON -> new ForPrograms(out);
        };
    }

    /** A new step begins. */
    abstract void begin(Step step);

    /** A block of lines that illustrates the step; programs do not get it. */
    abstract void show(List<String> lines);

    /** The step was observed. */
    abstract void observed(Step step, Duration took, String summary, Map<String, Json> facts);

    /** The step was not observed. */
    abstract void missed(Step step, String reason);

    /** The end, or what to try while the agents stay up. */
    abstract void closing(String summary, List<String> lines, Map<String, Json> facts);

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
    }

    /** Headings, indented blocks, one line of result. */
    private static final class ForPeople extends Narrator {
        private ForPeople(PrintStream out) {
            super(out);
        }

        @Override
        void begin(Step step) {
            out.println();
            out.println("==> " + step.number() + "/" + Step.values().length + "  " + step.title());
            out.flush();
        }

        @Override
        void show(List<String> lines) {
            lines.forEach(line -> out.println(line.isEmpty() ? "" : "    " + line));
            out.flush();
        }

        @Override
        void observed(Step step, Duration took, String summary, Map<String, Json> facts) {
            out.println("    ok, after " + seconds(took) + " s: " + summary);
            out.flush();
        }

        @Override
        void missed(Step step, String reason) {
            out.println("    NOT observed: " + reason);
            out.flush();
        }

        @Override
        void closing(String summary, List<String> lines, Map<String, Json> facts) {
            out.println();
            out.println("==> " + summary);
            show(lines);
        }
    }

    /** {@code {"step":"converge","ok":true,"seconds":0.41,…}}. */
    private static final class ForPrograms extends Narrator {
        private ForPrograms(PrintStream out) {
            super(out);
        }

        @Override
        void begin(Step step) {
            // One object per step, when its outcome is known.
        }

        @Override
        void show(List<String> lines) {
            // The facts hold the same.
        }

        @Override
        void observed(Step step, Duration took, String summary, Map<String, Json> facts) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("step", Json.of(step.word()));
            fields.put("ok", Json.of(true));
            fields.put("seconds", new Json.Numeral(seconds(took)));
            fields.put("summary", Json.of(summary));
            fields.putAll(facts);
            line(fields);
        }

        @Override
        void missed(Step step, String reason) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("step", Json.of(step.word()));
            fields.put("ok", Json.of(false));
            fields.put("reason", Json.of(reason));
            line(fields);
        }

        @Override
        void closing(String summary, List<String> lines, Map<String, Json> facts) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("step", Json.of("end"));
            fields.put("summary", Json.of(summary));
            fields.putAll(facts);
            line(fields);
        }

        private void line(Map<String, Json> fields) {
            out.println(new Json.Fields(fields).compact());
            out.flush();
        }
    }
}
