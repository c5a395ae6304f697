package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A command under way. Safe to use from every thread. */
interface Program {
    /** Starts commands. */
    interface Starter {
        /**
         * Starts one; reads files, so no actor calls it on its own thread.
         *
         * @throws IOException in the operating system's words, without the command
         */
        Program start(JobSpec spec) throws IOException;
    }

    /** What it writes, standard output and errors as they come; ends when nobody holds the other end any more. Runs once. */
    Source<Octets, NotUsed> output();

    /** Its exit code; 128 and the signal's number if one ended it. */
    CompletionStage<Integer> exit();

    /** Ends it and all that it started, at once; may read files. What has ended already is left alone. */
    void kill();

    /** Throws away what is left of it on disk. */
    void tidy();
}
