package io.sotto.bench;

/** The limit of a command's start: a JVM that prints a line. */
public final class Hello {
    private Hello() {}

    /** Prints one line. */
    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
