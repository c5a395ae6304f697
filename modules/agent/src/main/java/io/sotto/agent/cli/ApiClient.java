package io.sotto.agent.cli;

import io.sotto.pki.PeerRefused;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Speaks to one agent's HTTP API: one request, one connection, over a plain channel or TLS, because every HTTP client of the
 * JDK takes longer to load than the verb takes to run. Used by one thread. Source: RFC 9112; error texts after the real tool.
 */
final class ApiClient {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    /**
     * A leave answers only when it is done: up to 15 s in a large pool. A key operation that members are silent to takes longest:
     * the WAN pool of a hundred servers is asked twice in 32 s, and after it another datacenter has 45 s.
     */
    private static final int READ_TIMEOUT_MILLIS = 120_000;
    /** Far more than any pool's list of members takes. */
    private static final int BODY_MAX_BYTES = 64 << 20;

    private static final int HEADERS_MAX = 100;
    private static final byte[] NO_BODY = {};
    private static final Optional<Consumer<String>> NOBODY = Optional.empty();

    private final ApiTarget target;

    /**
     * An answer: its status and its whole body.
     *
     * @param headers by their names in lower case
     */
    record Reply(int status, String body, Map<String, String> headers) {
        boolean good() {
            return status == 200;
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        /** What is wrong, in the words of the real tool's client. */
        String fault() {
            return "Unexpected response code: " + status + " (" + body + ")";
        }
    }

    ApiClient(ApiTarget target) {
        this.target = target;
    }

    Reply get(String path) throws UnreachableException {
        return send("GET", path, NO_BODY, NOBODY);
    }

    Reply put(String path) throws UnreachableException {
        return put(path, NO_BODY);
    }

    Reply put(String path, byte[] body) throws UnreachableException {
        return send("PUT", path, body, NOBODY);
    }

    /** With a method and a body of the caller's. */
    Reply ask(String method, String path, byte[] body) throws UnreachableException {
        return send(method, path, body, NOBODY);
    }

    /** Hands over each line of a good answer as it comes, until the agent ends it; the reply's body is then empty. */
    Reply follow(String method, String path, byte[] body, Consumer<String> lines) throws UnreachableException {
        return send(method, path, body, Optional.of(lines));
    }

    private Reply send(String method, String path, byte[] body, Optional<Consumer<String>> lines)
            throws UnreachableException {
        String verb = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
        ApiAddress address = target.address();
        String where = verb + " \"" + address.url() + path + "\": ";
        // Not a channel's socket: to find its provider the JDK would search every jar of the class path.
        try (Socket socket = new Socket()) {
            InetSocketAddress peer = new InetSocketAddress(address.host(), address.port());
            if (peer.isUnresolved()) {
                throw new UnreachableException(where + "dial tcp: lookup " + address.host() + ": no such host");
            }
            socket.connect(peer, CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            if (!address.isSecure()) {
                return exchange(socket, request(method, path, body), lines);
            }
            try (Socket tls = target.tls().over(socket, address)) {
                return exchange(tls, request(method, path, body), lines);
            }
        } catch (ConnectException e) {
            throw new UnreachableException(where + "dial tcp " + address + ": connect: " + reason(e));
        } catch (SocketTimeoutException e) {
            throw new UnreachableException(where + "dial tcp " + address + ": i/o timeout");
        } catch (SSLException e) {
            String reason = refusal(e);
            throw new UnreachableException(where + reason, mend(reason));
        } catch (IOException e) {
            throw new UnreachableException(where + e.getMessage());
        }
    }

    private byte[] request(String method, String path, byte[] body) {
        String shown = target.token().isEmpty() ? "" : "\r\nX-Consul-Token: " + target.token();
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + target.address()
                + "\r\nUser-Agent: sotto\r\nAccept: application/json" + shown + "\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static Reply exchange(Socket socket, byte[] request, Optional<Consumer<String>> lines) throws IOException {
        socket.getOutputStream().write(request);
        return read(new BufferedInputStream(socket.getInputStream()), lines);
    }

    /** Why one of both refused the other's TLS. */
    private static String refusal(SSLException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CertificateException ours) {
                return String.valueOf(ours.getMessage());
            }
        }
        return PeerRefused.from(failure).text();
    }

    private static String mend(String reason) {
        if (reason.contains("unknown authority")) {
            return "Name the authority that signed its certificate: -ca-file FILE, or SOTTO_CACERT.";
        }
        if (reason.startsWith("x509: certificate is valid for") || reason.startsWith("x509: cannot validate")) {
            return "Call it by a name that its certificate holds, or give that name: -tls-server-name NAME.";
        }
        return reason.startsWith("remote error")
                ? "It may want a certificate of yours: -client-cert FILE and -client-key FILE."
                : "";
    }

    private static String reason(ConnectException e) {
        String text = String.valueOf(e.getMessage());
        return text.startsWith("Connection refused") ? "connection refused" : text;
    }

    private static Reply read(InputStream in, Optional<Consumer<String>> lines) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.") || status.length() < 12) {
            throw new IOException("not an HTTP answer");
        }
        int code = number(status.substring(9, 12), 10);
        int length = -1;
        boolean chunked = false;
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                String name = header.substring(0, colon);
                String value = header.substring(colon + 1).trim();
                if (headers.size() < HEADERS_MAX) {
                    headers.put(name.toLowerCase(Locale.ROOT), value);
                }
                if (name.equalsIgnoreCase("Content-Length")) {
                    length = number(value, 10);
                } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    chunked = value.equalsIgnoreCase("chunked");
                }
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (chunked) {
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                copy(in, size, body);
                line(in);
                if (code == 200 && lines.isPresent()) {
                    handOver(body, lines.get());
                }
            }
        } else {
            copy(in, length, body);
            if (code == 200 && lines.isPresent()) {
                handOver(body, lines.get());
            }
        }
        return new Reply(code, body.toString(StandardCharsets.UTF_8), headers);
    }

    /** Takes the whole lines out of {@code body}; the rest of a line stays for what follows. */
    private static void handOver(ByteArrayOutputStream body, Consumer<String> lines) {
        byte[] all = body.toByteArray();
        int begin = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == '\n') {
                lines.accept(new String(all, begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
        body.reset();
        body.write(all, begin, all.length - begin);
    }

    private static int chunkSize(InputStream in) throws IOException {
        String line = line(in);
        int semicolon = line.indexOf(';');
        return number((semicolon < 0 ? line : line.substring(0, semicolon)).trim(), 16);
    }

    /** Copies {@code length} bytes, or up to the end of the stream if it is negative. */
    private static void copy(InputStream in, int length, ByteArrayOutputStream body) throws IOException {
        byte[] block = new byte[8_192];
        int left = length;
        while (left != 0) {
            int read = in.read(block, 0, left < 0 ? block.length : Math.min(left, block.length));
            if (read < 0) {
                if (length < 0) {
                    return;
                }
                throw new IOException("unexpected EOF");
            }
            body.write(block, 0, read);
            left -= length < 0 ? 0 : read;
            if (body.size() > BODY_MAX_BYTES) {
                throw new IOException("answer longer than " + BODY_MAX_BYTES + " bytes");
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder out = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("EOF");
            }
            if (out.length() > 8_192) {
                throw new IOException("header line too long");
            }
            if (c != '\r') {
                out.append((char) c);
            }
        }
        return out.toString();
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int value = Integer.parseInt(text, radix);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the one answer for all that is no length.
        }
        throw new IOException("malformed HTTP answer: \"" + text + "\" is not a number");
    }
}
