package io.sotto.agent.cli;

import java.util.List;

/** What the stages of each upshift come to, in words. Source: the ladder of {@code UpshiftStage}. */
enum UpshiftWords {
    GOSSIP(
            "no member needs the key",
            "every member holds the key",
            "every member seals all it sends",
            "every member refuses plaintext"),
    TLS(
            "no member needs a certificate",
            "every member holds a certificate",
            "every member calls by TLS only",
            "every member refuses plain calls");

    /** The stages that are climbed, lowest first; below them is {@code none}. */
    static final List<String> STAGES = List.of("ready", "sending", "enforced");

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list of strings.
    private final List<String> meanings;

    UpshiftWords(String... meanings) {
        this.meanings = List.of(meanings);
    }

    /** As it stands on the command line and in the paths of the API. */
    String word() {
        return this == GOSSIP ? "gossip" : "tls";
    }

    String path() {
        return "/v1/operator/upshift/" + word();
    }

    /** How far up a stage is: 0 for none, 3 for the last. */
    static int height(String stage) {
        return STAGES.indexOf(stage) + 1;
    }

    /** What it means that all have confirmed this stage. */
    String meaning(String stage) {
        return meanings.get(height(stage));
    }

    /** The line that has one of the verbs called, as an operator would type it. */
    String command(String verb) {
        return "sotto upshift " + word() + " " + verb;
    }
}
