package io.sotto.testkit.mutant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A world of its own for one mutant: every class of this project is loaded anew, the changed ones from changed source that
 * is compiled in memory; all other libraries are shared. There is no switch in production code.
 */
final class MutantLoader extends ClassLoader {
    private static final String OURS = "io.sotto.";

    private final Map<String, byte[]> mutated;

    private MutantLoader(Map<String, byte[]> mutated) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = mutated;
    }

    /** The production code as it is. */
    static MutantLoader control() {
        return new MutantLoader(Map.of());
    }

    /**
     * The production code with a bug.
     *
     * @throws IllegalStateException if a piece of source does not occur exactly once, or what comes out does not compile
     */
    static MutantLoader of(Mutant mutant) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (Mutant.Edit edit : mutant.edits()) {
            String before = sources.get(edit.className());
            String source = before == null ? Files.readString(file(edit)) : before;
            int at = source.indexOf(edit.text());
            if (at < 0 || source.indexOf(edit.text(), at + 1) >= 0) {
                throw new IllegalStateException("'" + edit.text() + "' must occur once in " + file(edit) + ": mutant '"
                        + mutant.what() + "' is out of date");
            }
            sources.put(
                    edit.className(),
                    source.substring(0, at)
                            + edit.replacement()
                            + source.substring(at + edit.text().length()));
        }
        return new MutantLoader(compiled(mutant, sources));
    }

    /** Wherever the tests are started. */
    private static Path file(Mutant.Edit edit) {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("modules").resolve(edit.module()))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException(
                    "no module " + edit.module() + " above " + Path.of("").toAbsolutePath());
        }
        return here.resolve("modules")
                .resolve(edit.module())
                .resolve("src/main/java")
                .resolve(edit.path());
    }

    private static Map<String, byte[]> compiled(Mutant mutant, Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, source) -> units.add(new Source(name, source)));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(diagnostics, null, null);
                Memory memory = new Memory(standard)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", classPath);
            if (!compiler.getTask(null, memory, diagnostics, options, null, units)
                    .call()) {
                throw new IllegalStateException(
                        "mutant '" + mutant.what() + "' does not compile: " + diagnostics.getDiagnostics());
            }
            Map<String, byte[]> classes = new HashMap<>();
            memory.outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = mutated.get(name);
        if (bytes == null) {
            bytes = original(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream in =
                MutantLoader.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static URI uri(String className, JavaFileObject.Kind kind) {
        return URI.create("mutant:///" + className.replace('.', '/') + kind.extension);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(uri(className, Kind.SOURCE), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes. */
    private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Memory(StandardJavaFileManager manager) {
            super(manager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(uri(className, kind), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return outputs.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
