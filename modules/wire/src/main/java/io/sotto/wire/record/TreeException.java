package io.sotto.wire.record;

/** A tree that is no value of the type asked for. The message says where in it and why, for the person who wrote it. */
public final class TreeException extends Exception {
    private static final long serialVersionUID = 1L;

    TreeException(String path, String problem) {
        super((path.isEmpty() ? "" : path + ": ") + problem);
    }

    static TreeException expected(String path, String what, Object found) {
        String kind = found instanceof java.util.Map
                ? "an object"
                : found instanceof java.util.List ? "a list" : "'" + found + "'";
        return new TreeException(path, "expected " + what + ", not " + kind);
    }
}
