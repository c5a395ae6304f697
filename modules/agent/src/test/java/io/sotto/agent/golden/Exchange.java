package io.sotto.agent.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exchange with a real agent: a request over HTTP and its answer, or a call of the real tool and what it printed.
 *
 * @param file where it is
 * @param number which of the file's it is, from 1
 * @param request {@code METHOD URL[ body=…]}, or the words after {@code $ consul}
 * @param agent who was asked
 * @param isCall whether it is a call of the tool
 * @param real what came of it
 */
public record Exchange(String file, int number, String request, String agent, boolean isCall, Told real) {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:(?<http>(?:GET|PUT|POST|DELETE|PATCH) /.*?)|\\$ consul (?<call>.*?)) {3}# against (?<agent>\\w+)\\n",
            Pattern.MULTILINE);
    private static final Pattern ANSWER =
            Pattern.compile("HTTP (?<status>\\d+) {2}content-type=(?<type>[^\\n]*)\\n(?<body>.*)", Pattern.DOTALL);
    private static final Pattern PRINTED =
            Pattern.compile("(?<out>.*?)(?:\\[stderr]\\n(?<err>.*?))?\\[exit (?<code>\\d+)]\\n*", Pattern.DOTALL);

    /** All of a file, which must hold nothing else. */
    public static List<Exchange> of(String file) {
        String text = text(file);
        List<Exchange> exchanges = new ArrayList<>();
        Matcher head = HEAD.matcher(text);
        boolean more = head.find();
        if (!more || head.start() > 0) {
            throw new IllegalStateException(file + " begins with no exchange");
        }
        while (more) {
            String call = head.group("call");
            String http = head.group("http");
            String agent = head.group("agent");
            int begin = head.end();
            more = head.find();
            String told = text.substring(begin, more ? head.start() : text.length());
            exchanges.add(new Exchange(
                    file,
                    exchanges.size() + 1,
                    call == null ? http : call,
                    agent,
                    call != null,
                    call == null ? answer(told) : printed(told)));
        }
        return exchanges;
    }

    private static Told answer(String told) {
        Matcher answer = ANSWER.matcher(told);
        if (!answer.matches()) {
            throw new IllegalStateException("no answer: " + told);
        }
        String body = answer.group("body");
        return Told.answer(
                Integer.parseInt(answer.group("status")),
                answer.group("type"),
                body.endsWith("\n\n") ? body.substring(0, body.length() - 2) : body);
    }

    private static Told printed(String told) {
        Matcher printed = PRINTED.matcher(told);
        if (!printed.matches()) {
            throw new IllegalStateException("nothing printed: " + told);
        }
        String err = printed.group("err");
        return Told.printed(Integer.parseInt(printed.group("code")), printed.group("out"), err == null ? "" : err);
    }

    static String text(String file) {
        try (InputStream in = Objects.requireNonNull(Exchange.class.getResourceAsStream("/golden/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file + " " + number + ": " + request + " # " + agent;
    }
}
