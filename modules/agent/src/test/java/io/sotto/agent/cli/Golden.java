package io.sotto.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads captures of the real tool: what it printed, and what the real agent answered over HTTP. */
final class Golden {
    private static final Pattern CALL = Pattern.compile(
            "^\\$ consul (?<words>.*?)   # against (?<agent>\\w+)\\n(?<body>.*?)\\[exit (?<code>\\d+)]\\n",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ANSWER = Pattern.compile(
            "^(?<method>GET|PUT|POST|DELETE) (?<path>\\S+)(?: body=\\S+)?   # against (?<agent>\\w+)\\n"
                    + "HTTP (?<status>\\d+)  content-type=[^\\n]*\\n(?<body>.*?)\\n\\n(?=GET|PUT|POST|DELETE|\\z)",
            Pattern.MULTILINE | Pattern.DOTALL);

    private Golden() {}

    /** One call of the real tool. */
    record Call(List<String> words, String agent, String out, String err, int code) {
        String line() {
            return String.join(" ", words);
        }
    }

    /** One answer of the real agent. */
    record Answer(String method, String path, String agent, int status, String body) {}

    static List<Call> calls(String file) {
        List<Call> calls = new ArrayList<>();
        Matcher matcher = CALL.matcher(text(file));
        while (matcher.find()) {
            String body = matcher.group("body");
            int err = body.indexOf("[stderr]\n");
            calls.add(new Call(
                    List.of(matcher.group("words").trim().split(" ", -1)),
                    matcher.group("agent"),
                    err < 0 ? body : body.substring(0, err),
                    err < 0 ? "" : body.substring(err + "[stderr]\n".length()),
                    Integer.parseInt(matcher.group("code"))));
        }
        return calls;
    }

    static List<Answer> answers(String file) {
        List<Answer> answers = new ArrayList<>();
        Matcher matcher = ANSWER.matcher(text(file) + "\n\n");
        while (matcher.find()) {
            answers.add(new Answer(
                    matcher.group("method"),
                    matcher.group("path"),
                    matcher.group("agent"),
                    Integer.parseInt(matcher.group("status")),
                    matcher.group("body")));
        }
        return answers;
    }

    static Call call(String file, String line, String agent) {
        return calls(file).stream()
                .filter(call -> call.line().equals(line) && call.agent().equals(agent))
                .findFirst()
                .orElseThrow();
    }

    static Answer answer(String file, String method, String path, String agent) {
        return answers(file).stream()
                .filter(answer -> answer.method().equals(method)
                        && answer.path().equals(path)
                        && answer.agent().equals(agent))
                .findFirst()
                .orElseThrow();
    }

    static String text(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no golden/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
