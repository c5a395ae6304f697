package io.sotto.bench.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code wrk} found.
 *
 * @param perSecond requests answered
 * @param p99Millis how long the slowest hundredth took at least
 * @param failed answers other than 2xx and 3xx, and errors of sockets
 */
record WrkRun(double perSecond, double p99Millis, long failed) {
    private static final Pattern REQUESTS = Pattern.compile("Requests/sec:\\s*([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s|m)");
    private static final Pattern NOT_GOOD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKETS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    /** Asks for {@code url} as fast as it is answered, over so many connections. */
    static WrkRun of(Path wrk, int connections, int seconds, String url) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        List.of(wrk.toString(), "--latency", "-t1", "-c" + connections, "-d" + seconds + "s", url))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        Matcher requests = REQUESTS.matcher(text);
        Matcher p99 = P99.matcher(text);
        if (exit != 0 || !requests.find() || !p99.find()) {
            throw new IOException("wrk ended with " + exit + ":\n" + text);
        }
        double factor = switch (p99.group(2)) {
            case "us" -> 0.001;
            case "ms" -> 1;
            case "s" -> 1_000;
            default -> 60_000;
        };
        return new WrkRun(
                Double.parseDouble(requests.group(1)), Double.parseDouble(p99.group(1)) * factor, failures(text));
    }

    private static long failures(String text) {
        long sum = 0;
        Matcher notGood = NOT_GOOD.matcher(text);
        if (notGood.find()) {
            sum += Long.parseLong(notGood.group(1));
        }
        Matcher sockets = SOCKETS.matcher(text);
        if (sockets.find()) {
            for (int i = 1; i <= sockets.groupCount(); i++) {
                sum += Long.parseLong(sockets.group(i));
            }
        }
        return sum;
    }
}
