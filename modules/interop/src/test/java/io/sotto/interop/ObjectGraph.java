package io.sotto.interop;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Finds the objects of this project that hang on some others, through fields, containers and the actor library. */
final class ObjectGraph {
    /** Far more than a member has; where a graph is larger, something leads out of it. */
    private static final int OBJECTS_MAX = 3_000_000;

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> waiting = new ArrayDeque<>();

    private ObjectGraph() {}

    static List<Object> from(List<?> roots) throws IllegalAccessException {
        ObjectGraph graph = new ObjectGraph();
        roots.forEach(graph::visit);
        List<Object> ours = new ArrayList<>();
        while (!graph.waiting.isEmpty() && graph.seen.size() < OBJECTS_MAX) {
            Object next = graph.waiting.removeFirst();
            if (next.getClass().getName().startsWith("io.sotto.")) {
                ours.add(next);
            }
            graph.follow(next);
        }
        return ours;
    }

    private void visit(@Nullable Object object) {
        if (object != null && !(object instanceof Class) && !isOfATest(object) && seen.add(object)) {
            waiting.addLast(object);
        }
    }

    /** Loggers lead back to the test that listens to them. */
    private static boolean isOfATest(Object object) {
        return object.getClass().getName().startsWith(ObjectGraph.class.getPackageName() + ".");
    }

    private void follow(Object object) throws IllegalAccessException {
        if (object instanceof Object[] array) {
            for (Object element : array) {
                visit(element);
            }
        } else if (object instanceof Optional<?> optional) {
            optional.ifPresent(this::visit);
        } else if (object instanceof AtomicReference<?> reference) {
            visit(reference.get());
        } else if (object instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                visit(key);
                visit(value);
            });
        } else if (object instanceof Collection<?> collection) {
            collection.forEach(this::visit);
        } else if (!object.getClass().getName().startsWith("java.")) {
            fields(object);
        }
    }

    private void fields(Object object) throws IllegalAccessException {
        for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && open(field)) {
                    visit(field.get(object));
                }
            }
        }
    }

    private static boolean open(Field field) {
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException closed) {
            return false;
        }
    }
}
