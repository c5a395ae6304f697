package io.sotto.membership.upshift.drive;

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
import java.util.function.LongFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * One bug in the sources of upshifts, and a world in which it is there: the classes of this package are loaded anew, the changed
 * ones from source that is changed and compiled in memory. There is no switch in production code.
 *
 * @param what is wrong, in a few words
 */
record PlantedBug(String what, List<Edit> edits) {
    private static final String PACKAGE = PlantedBug.class.getPackageName() + ".";

    /**
     * One replacement.
     *
     * @param text must occur exactly once in the source of {@code type}
     */
    record Edit(String type, String text, String replacement) {}

    static PlantedBug of(String what, Edit... edits) {
        return new PlantedBug(what, List.of(edits));
    }

    static Edit in(String type, String text, String replacement) {
        return new Edit(type, text, replacement);
    }

    /** What runs an upshift by its seed in that world. */
    @SuppressWarnings("unchecked")
    LongFunction<String> world() throws IOException, ReflectiveOperationException {
        return (LongFunction<String>) new World(compiled())
                .loadClass(RandomUpshift.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }

    private Map<String, byte[]> compiled() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Edit edit : edits) {
            String source = sources.containsKey(edit.type) ? sources.get(edit.type) : Files.readString(file(edit.type));
            int at = source.indexOf(edit.text);
            if (at < 0 || source.indexOf(edit.text, at + 1) >= 0) {
                throw new IllegalStateException(
                        "'" + edit.text + "' must occur once in " + edit.type + ": '" + what + "' is out of date");
            }
            sources.put(edit.type, source.replace(edit.text, edit.replacement));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((type, source) -> units.add(new Source(type, source)));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (Memory memory = new Memory(compiler)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", classPath);
            if (!compiler.getTask(null, memory, null, options, null, units).call()) {
                throw new IllegalStateException("'" + what + "' does not compile");
            }
            Map<String, byte[]> classes = new HashMap<>();
            memory.outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    /** Wherever the tests are started. */
    private static Path file(String type) {
        Path sources = Path.of("src", "main", "java").resolve((PACKAGE + type).replace('.', '/') + ".java");
        Path module = Path.of("modules", "membership");
        return Files.exists(sources) ? sources : module.resolve(sources);
    }

    private static URI uri(String name, JavaFileObject.Kind kind) {
        return URI.create("planted:///" + name.replace('.', '/') + kind.extension);
    }

    private static final class World extends ClassLoader {
        private final Map<String, byte[]> changed;

        World(Map<String, byte[]> changed) {
            super(World.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
            return defineClass(name, bytes, 0, bytes.length);
        }

        private byte[] original(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(uri(PACKAGE + type, Kind.SOURCE), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes. */
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Memory(JavaCompiler compiler) {
            super(compiler.getStandardFileManager(null, null, null));
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
