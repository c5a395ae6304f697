package io.sotto.agent.runtime;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system, which Java offers only through {@code sun.misc.Signal}; reached by reflection, because
 * the compiler warns of every other use and warnings are errors here.
 *
 * <p>The receiver is called on a thread of the JVM and must not block. A platform that lacks a signal (SIGHUP on Windows)
 * is not an error: that signal then never comes.
 */
public enum Signals {
    /** SIGINT, Ctrl-C. */
    INTERRUPT("INT", "interrupt"),
    /** SIGTERM. */
    TERMINATE("TERM", "terminated"),
    /** SIGHUP. */
    HANGUP("HUP", "hangup");

    private final String shortName;
    private final String word;

    Signals(String shortName, String word) {
        this.shortName = shortName;
        this.word = word;
    }

    /** As Go prints it, and so the real agent's log: {@code interrupt}, {@code terminated}, {@code hangup}. */
    public String word() {
        return word;
    }

    /** From now on tells {@code receiver} of each of these signals; whoever was told before no longer is. */
    public static void deliverTo(Consumer<Signals> receiver) {
        for (Signals signal : values()) {
            signal.install(receiver);
        }
    }

    private void install(Consumer<Signals> receiver) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onCall = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    receiver.accept(this);
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> hashCode();
                default -> word;
            };
            Object handler =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, onCall);
            Object signal = signalType.getConstructor(String.class).newInstance(shortName);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException unsupported) {
            // Not there on this platform, or taken by the JVM (-Xrs): the agent runs without it.
            return;
        }
    }
}
