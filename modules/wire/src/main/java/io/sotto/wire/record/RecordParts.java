package io.sotto.wire.record;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes records of one class apart and builds them, embedded ones included. */
final class RecordParts<R extends Record> {
    /** One field on the wire. */
    record Field(String name, ValueCodec<?> codec) {}

    /** One component: a field, or all those of an embedded record. */
    private record Part(MethodHandle accessor, Optional<Field> field, Optional<RecordParts<?>> embedded) {}

    private final Class<R> type;
    private final Part[] parts;
    private final MethodHandle constructor;

    RecordParts(Class<R> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        this.parts = Arrays.stream(components).map(RecordParts::part).toArray(Part[]::new);
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            this.constructor = MethodHandles.lookup()
                    .unreflectConstructor(canonical)
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot build " + type.getName(), e);
        }
    }

    /** How many fields there are, those of embedded records included. */
    int size() {
        return Arrays.stream(parts)
                .mapToInt(part -> part.embedded().map(RecordParts::size).orElse(1))
                .sum();
    }

    void collectFields(List<Field> fields) {
        for (Part part : parts) {
            part.embedded().ifPresent(embedded -> embedded.collectFields(fields));
            part.field().ifPresent(fields::add);
        }
    }

    /** Puts the values of all fields into {@code values} from {@code at} on; returns the place after them. */
    int take(Object value, Object[] values, int at) {
        int next = at;
        for (Part part : parts) {
            Object component = component(part, value);
            if (part.embedded().isPresent()) {
                next = part.embedded().get().take(component, values, next);
            } else {
                values[next++] = component;
            }
        }
        return next;
    }

    /** Builds a record; throws {@link IllegalArgumentException} when the record itself refuses the values. */
    R build(Object[] values) {
        return build(values, 0);
    }

    private R build(Object[] values, int at) {
        Object[] components = new Object[parts.length];
        int next = at;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].embedded().isPresent()) {
                RecordParts<?> embedded = parts[i].embedded().get();
                components[i] = embedded.build(values, next);
                next += embedded.size();
            } else {
                components[i] = values[next++];
            }
        }
        try {
            return type.cast((Object) constructor.invokeExact(components));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Part part(RecordComponent component) {
        try {
            Method method = component.getAccessor();
            method.setAccessible(true);
            MethodHandle accessor =
                    MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
            if (component.isAnnotationPresent(Embedded.class)) {
                RecordParts<?> embedded =
                        CodecFinder.ofRecord(component.getType()).parts();
                return new Part(accessor, Optional.empty(), Optional.of(embedded));
            }
            Field field = new Field(nameOf(component), CodecFinder.of(component));
            return new Part(accessor, Optional.of(field), Optional.empty());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }

    private static String nameOf(RecordComponent component) {
        Name given = component.getAnnotation(Name.class);
        if (given != null) {
            return given.value();
        }
        String name = component.getName();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static Object component(Part part, Object value) {
        try {
            return (Object) part.accessor().invokeExact(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
