package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A command that does what a test says. */
final class FakeProgram implements Program {
    final JobSpec spec;
    final CompletableFuture<Integer> exit = new CompletableFuture<>();
    final CompletableFuture<Boolean> killed = new CompletableFuture<>();
    private final CompletableFuture<Optional<Octets>> said = new CompletableFuture<>();

    FakeProgram(JobSpec spec) {
        this.spec = spec;
    }

    /** Writes this, closes its output, and ends. */
    void end(String text, int code) {
        said.complete(Optional.of(Octets.utf8(text)));
        exit.complete(code);
    }

    @Override
    public Source<Octets, NotUsed> output() {
        return Source.completionStage(said)
                .mapConcat(text -> text.stream().toList())
                .mapMaterializedValue(ignored -> NotUsed.getInstance());
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit;
    }

    @Override
    public void kill() {
        killed.complete(true);
        said.complete(Optional.empty());
        exit.complete(137);
    }

    @Override
    public void tidy() {
        // Nothing on disk.
    }
}
