package io.sotto.wire.record;

import io.sotto.wire.Octets;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the codec for a type; those of records are made once. */
final class CodecFinder {
    private static final ClassValue<RecordCodec<?>> RECORDS = new ClassValue<>() {
        @Override
        protected RecordCodec<?> computeValue(Class<?> type) {
            return new RecordCodec<>(new RecordParts<>(type.asSubclass(Record.class)));
        }
    };

    private CodecFinder() {}

    static RecordCodec<?> ofRecord(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is no record");
        }
        return RECORDS.get(type);
    }

    static ValueCodec<?> of(RecordComponent component) {
        if (component.isAnnotationPresent(Unsigned.class)) {
            if (component.getType() != long.class) {
                throw new IllegalArgumentException("only a long can be unsigned, not " + component);
            }
            return IntegerCodec.UNSIGNED;
        }
        return of(component.getGenericType());
    }

    private static ValueCodec<?> of(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.isRecord() && plain != GoTime.class ? ofRecord(plain) : ofPlain(plain);
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new ListCodec<>(of(arguments[0]));
            }
            if (generic.getRawType() == Optional.class) {
                return new PointerCodec<>(of(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new MapCodec<>(of(arguments[1]));
            }
        }
        throw new IllegalArgumentException("there is no codec for " + type.getTypeName());
    }

    private static ValueCodec<?> ofPlain(Class<?> type) {
        if (type == String.class) {
            return TextCodec.INSTANCE;
        } else if (type == boolean.class || type == Boolean.class) {
            return BooleanCodec.INSTANCE;
        } else if (type == int.class || type == Integer.class) {
            return IntCodec.INSTANCE;
        } else if (type == long.class || type == Long.class) {
            return IntegerCodec.SIGNED;
        } else if (type == double.class || type == Double.class) {
            return DoubleCodec.INSTANCE;
        } else if (type == Octets.class) {
            return OctetsCodec.INSTANCE;
        } else if (type == Duration.class) {
            return DurationCodec.INSTANCE;
        } else if (type == GoTime.class) {
            return TimeCodec.INSTANCE;
        } else if (type == Object.class) {
            return TreeCodec.INSTANCE;
        }
        throw new IllegalArgumentException("there is no codec for " + type.getName());
    }
}
