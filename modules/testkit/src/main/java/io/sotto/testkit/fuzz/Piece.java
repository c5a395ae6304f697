package io.sotto.testkit.fuzz;

/** Some bytes of a case, with what is known about them from building them. Nobody writes to the bytes afterwards. */
final class Piece {
    private final byte[] bytes;
    private final boolean doomed;
    private final boolean sound;
    private final String what;

    /**
     * @param doomed whether no reader may take anything from them
     * @param sound whether nothing is wrong with them
     */
    Piece(byte[] bytes, boolean doomed, boolean sound, String what) {
        this.bytes = bytes;
        this.doomed = doomed;
        this.sound = sound && !doomed;
        this.what = what;
    }

    static Piece doomed(byte[] bytes, String what) {
        return new Piece(bytes, true, false, what);
    }

    /** Nothing is known: a reader may make sense of it. */
    static Piece open(byte[] bytes, String what) {
        return new Piece(bytes, false, false, what);
    }

    /** A layer around this one, which changes nothing about it. */
    Piece within(byte[] wrapped, String layer) {
        return new Piece(wrapped, doomed, sound, layer + " > " + what);
    }

    byte[] bytes() {
        return bytes;
    }

    boolean doomed() {
        return doomed;
    }

    boolean sound() {
        return sound;
    }

    String what() {
        return what;
    }
}
