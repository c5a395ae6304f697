package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.tools.nsc.Main$;
import scala.tools.nsc.reporters.Reporter;

/** An application in Scala uses the API as it is. */
class ScalaCallerTest {
    @Test
    void aScalaApplicationCompilesAndRunsWithoutWrappers(@TempDir Path classes) throws Exception {
        URL source = Objects.requireNonNull(ScalaCallerTest.class.getResource("/scala/ScalaMember.scala"));

        Main$.MODULE$.process(new String[] {
            "-usejavacp",
            "-deprecation",
            "-Xlint",
            "-Werror",
            "-d",
            classes.toString(),
            Path.of(source.toURI()).toString()
        });

        Reporter reporter = Main$.MODULE$.reporter();
        assertThat(reporter.hasErrors()).as("faults that the compiler printed").isFalse();
        assertThat(run(classes)).isEqualTo("scala JOINED scala true PLAIN None");
    }

    @SuppressWarnings("unchecked") // the type that the source says it has
    private static String run(Path classes) throws Exception {
        ActorTestKit kit = ActorTestKit.create("scala", ConfigFactory.load());
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ScalaCallerTest.class.getClassLoader())) {
            var member = (Function<ActorSystem<?>, CompletableFuture<String>>)
                    loader.loadClass("io.sotto.cluster.scala.ScalaMember")
                            .getConstructor()
                            .newInstance();
            return member.apply(kit.system()).get(60, TimeUnit.SECONDS);
        } finally {
            kit.shutdownTestKit();
        }
    }
}
