package io.sotto.cluster.enrolment;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.enrolment.EnrolRequest;
import io.sotto.pki.enrolment.EnrolmentCheck;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.pki.enrolment.SigningRequest;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcCodecException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The member's side: makes a key, asks, judges the answer and writes what it got. The private key is in this process and in its file
 * only. Any thread.
 */
public final class EnrolmentCaller {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EnrolmentSettings settings;
    private final String self;
    private final Executor blocking;
    private final Supplier<Instant> wall;
    private final SecureRandom random;

    /** What came of asking. */
    public sealed interface Outcome {
        /** The node has a certificate, in these files. */
        record Written(EnrolledFiles files, CertificateFacts certificate) implements Outcome {}

        /** It has none; {@code why} is for people. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * For the node of this name.
     *
     * @param blocking where the disk may be waited for
     * @param wall the date and time
     * @param random unpredictable
     */
    public EnrolmentCaller(
            EnrolmentSettings settings, String self, Executor blocking, Supplier<Instant> wall, SecureRandom random) {
        this.settings = settings;
        this.self = self;
        this.blocking = blocking;
        this.wall = wall;
        this.random = random;
    }

    /**
     * Asks with a token; never fails.
     *
     * @param call makes a call of the authority
     */
    public CompletionStage<Outcome> ask(JoinToken token, Function<RpcRequest, CompletionStage<RpcResult>> call) {
        if (!token.node().equalsIgnoreCase(self)) {
            return refused("the token is for " + token.node() + ", and this node is " + self);
        }
        if (settings.directory().isEmpty()) {
            return refused("a certificate needs a data-dir to be written to");
        }
        Path directory = settings.directory().get();
        return CompletableFuture.supplyAsync(() -> SigningRequest.make(token.node(), random), blocking)
                .thenCompose(made -> {
                    byte[] nonce = new byte[EnrolRequest.NONCE_BYTES];
                    random.nextBytes(nonce);
                    EnrolRequest request = EnrolRequest.of(token.secret(), nonce, made.encoded());
                    return call.apply(new RpcRequest(
                                    EnrolMessages.METHOD,
                                    EnrolMessages.CALLS.encode(EnrolMessages.Call.of(request)),
                                    PATIENCE))
                            .thenApplyAsync(result -> judge(token, request, made, result, directory), blocking);
                });
    }

    private Outcome judge(JoinToken token, EnrolRequest sent, SigningRequest made, RpcResult result, Path directory) {
        if (!(result instanceof RpcResult.Answered answered)) {
            return new Outcome.Refused(token.authority() + " gave no answer: " + words(result));
        }
        EnrolMessages.Reply reply;
        try {
            reply = EnrolMessages.REPLIES.decode(answered.body());
        } catch (RpcCodecException malformed) {
            return new Outcome.Refused("the answer cannot be read");
        }
        if (reply.refusal().isPresent()) {
            return new Outcome.Refused(
                    token.authority() + " refused: " + reply.refusal().get().text());
        }
        EnrolmentCheck.Result checked = EnrolmentCheck.of(
                token, sent, made, reply.received(), settings.datacenter(), settings.domain(), wall.get());
        if (checked instanceof EnrolmentCheck.Result.Bad bad) {
            return new Outcome.Refused(bad.why());
        }
        var good = (EnrolmentCheck.Result.Good) checked;
        try {
            return new Outcome.Written(
                    EnrolledFiles.write(directory, token.node(), good),
                    CertificateFacts.of(good.issued().certificate()));
        } catch (IOException e) {
            return new Outcome.Refused("the certificate cannot be written: " + e.getMessage());
        }
    }

    private static String words(RpcResult result) {
        if (result instanceof RpcResult.Failed failed) {
            return shown(failed.text());
        }
        if (result instanceof RpcResult.Unreachable unreachable) {
            return unreachable.reason();
        }
        if (result instanceof RpcResult.TimedOut late) {
            return "none within " + late.after().toSeconds() + " s";
        }
        return result instanceof RpcResult.Overloaded overloaded ? overloaded.reason() : "the call was cancelled";
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    private static CompletionStage<Outcome> refused(String why) {
        return CompletableFuture.completedFuture(new Outcome.Refused(why));
    }
}
