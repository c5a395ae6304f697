package io.sotto.agent.runtime;

import com.typesafe.config.ConfigFactory;
import java.net.URLConnection;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.slf4j.LoggerFactory;

/**
 * Brings into memory on a second processor what an agent will need, while the first reads the configuration and starts the
 * actor system: the log, TLS, and the HTTP library.
 *
 * <p>It decides nothing and may fail: whatever is not ready in time is made where it is needed. Only the log must not be
 * set up by two threads at once, so the main thread waits for that part. Source: performance notes, "Start".
 */
public final class Headstart {
    private final CompletableFuture<Void> logging = new CompletableFuture<>();

    private Headstart() {}

    /** Before the configuration is read. */
    public static Headstart begin() {
        Headstart headstart = new Headstart();
        // What the defaults are read through would look up the kind of a file by its name, in a table of the JDK's.
        URLConnection.setFileNameMap(name -> null);
        run("sotto-headstart", headstart::read);
        return headstart;
    }

    /** Returns when the log is set up. */
    public void awaitLogging() {
        logging.join();
    }

    /** As soon as there is an actor system. */
    static void begin(ActorSystem<?> system) {
        run("sotto-headstart-http", () -> Http.get(system).serverLayer());
    }

    private void read() {
        try {
            LoggerFactory.getILoggerFactory();
        } finally {
            logging.complete(null);
        }
        trustNobodyByDefault();
        ServerSettings.create(ConfigFactory.defaultReference());
    }

    /**
     * The HTTP library asks for the process's default TLS context even for plain HTTP, for which the JDK would read and
     * parse the authorities of the operating system. An agent trusts only those that its configuration names.
     */
    private static void trustNobodyByDefault() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            SSLContext.setDefault(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, cause) -> {
            // Whoever needs the same meets the same fault, and can say for what it was needed.
        });
        thread.start();
    }
}
