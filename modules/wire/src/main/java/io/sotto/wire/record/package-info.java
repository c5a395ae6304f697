/**
 * Records as msgpack maps, the way Go's writers of calls have them: keyed by the exact names of fields, in ascending order,
 * with the fields of embedded structs among them. The shape is taken from the record itself, once.
 *
 * <p>A component's field is its name with a capital first letter, or what {@link io.sotto.wire.record.Name} says. Its type is
 * one of
 *
 * <ul>
 *   <li>{@code String}, {@code boolean}, {@code int}, {@code long} ({@link io.sotto.wire.record.Unsigned} for the numbers that
 *       are), {@code double}, {@link io.sotto.wire.Octets}, {@link java.time.Duration},
 *       {@link io.sotto.wire.record.GoTime};
 *   <li>another record; {@code Optional} of one, for a pointer; {@link io.sotto.wire.record.Embedded} for one whose fields are
 *       among those of the outer one;
 *   <li>{@code List} of any of these, {@code Map} from {@code String} to any of these; {@link io.sotto.wire.record.Nil} tells
 *       a list or map that was never set from an empty one;
 *   <li>{@code Object}: a tree, for what has no fixed shape.
 * </ul>
 *
 * <p>A {@link io.sotto.wire.record.Codec} also turns values into trees of {@code Map<String, Object>}, {@code List<Object>},
 * {@code String}, {@code Number}, {@code Boolean} and {@link io.sotto.wire.record.Nil#NIL}, and back: what JSON can say.
 *
 * <p>Source: RPC specification, section 3, "Encoding rules".
 */
@NullMarked
package io.sotto.wire.record;

import org.jspecify.annotations.NullMarked;
