package io.sotto.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What real agents do when one calls the other, for every pair of TLS settings that was measured. Source: TLS specification,
 * section 2; the file is its raw data.
 */
final class TlsMatrix {
    /** A row that tells what a server logged by itself is evidence and no case. */
    private static final String NO_CLIENT = "(server own log)";

    private static final Pattern ERROR = Pattern.compile("error=\"(.*)\"$");
    /** How a real server begins what it says of a certificate; ours says what is wrong with it at once. */
    private static final String OF_CLIENT = "tls: failed to verify client certificate: ";
    /** Where texts begin that depend on the day and the certificates. */
    private static final String DATED = ": current time";

    /**
     * One pair.
     *
     * @param server its settings, as {@link TlsPostures} knows them
     * @param client the same of who calls
     * @param byTls whether the client dials by TLS
     * @param refusal what the client of a real agent is told; empty where the call works
     * @param serverSays the cause as the server logs it; empty where it logs nothing
     * @param clientSays the errors that the client logs
     */
    record Cell(
            String server,
            String client,
            boolean byTls,
            Optional<String> refusal,
            Optional<String> serverSays,
            List<String> clientSays) {
        @Override
        public String toString() {
            return client + " calls " + server + ": " + refusal.orElse("works") + (byTls ? " (TLS)" : " (plaintext)");
        }

        /** What the client's log says of the cause where the refusal itself does not: {@code EOF} has many. */
        Optional<String> alert() {
            return clientSays.stream()
                    .filter(line -> line.contains("remote error: "))
                    .map(line -> line.substring(line.indexOf("remote error: ")))
                    .findFirst();
        }
    }

    private TlsMatrix() {}

    /** All cases, those of one server after each other. */
    static List<Cell> cells() {
        try (InputStream in = TlsMatrix.class.getResourceAsStream("/tls-matrix.json")) {
            if (in == null) {
                throw new IllegalStateException("no tls-matrix.json");
            }
            List<Cell> cells = new ArrayList<>();
            for (JsonNode row : NodeFiles.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
                if (!row.get("client").asText().equals(NO_CLIENT)) {
                    cells.add(cell(row));
                }
            }
            return cells;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Cell cell(JsonNode row) {
        boolean works = row.get("http_status").asInt() == 200;
        return new Cell(
                row.get("server").asText(),
                row.get("client").asText(),
                row.get("first_bytes_client_to_server").get(0).asText().startsWith("0316"),
                works ? Optional.empty() : Optional.of(undated(row.get("body").asText())),
                lines(row.get("server_log")).stream().findFirst().map(TlsMatrix::said),
                lines(row.get("client_log")));
    }

    private static String said(String line) {
        Matcher error = ERROR.matcher(line);
        if (error.find()) {
            return undated(error.group(1)).replace(OF_CLIENT, "");
        }
        String text = line.substring(line.indexOf("rpc: ") + "rpc: ".length());
        return text.substring(0, text.indexOf(": conn="));
    }

    private static String undated(String text) {
        int dated = text.indexOf(DATED);
        return dated < 0 ? text : text.substring(0, dated);
    }

    private static List<String> lines(JsonNode log) {
        List<String> lines = new ArrayList<>();
        log.forEach(line -> lines.add(line.asText()));
        return lines;
    }
}
