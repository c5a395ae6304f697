package io.sotto.agent.demo;

/** What the demo shows, in its order. */
enum Step {
    START(1, "start", "Three agents start with a fresh key"),
    CONVERGE(2, "converge", "They find each other"),
    DATAGRAM(3, "datagram", "One datagram, plain and sealed"),
    WRONG_KEY(4, "wrong-key", "A stranger with another key asks to join"),
    KILL(5, "kill", "One agent is killed without a word"),
    RETURN(6, "return", "It comes back"),
    ROTATE(7, "rotate", "The key is replaced while all goes on"),
    UPSHIFT_TLS(8, "upshift-tls", "Meanwhile the calls of a pool in plain text moved to TLS"),
    UPSHIFT_GOSSIP(9, "upshift-gossip", "And its gossip is encrypted while it runs");

    private final int number;
    private final String word;
    private final String title;

    Step(int number, String word, String title) {
        this.number = number;
        this.word = word;
        this.title = title;
    }

    /** Its place in the order, from 1. */
    int number() {
        return number;
    }

    String word() {
        return word;
    }

    String title() {
        return title;
    }
}
