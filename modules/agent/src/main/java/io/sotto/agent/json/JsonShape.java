package io.sotto.agent.json;

import java.util.List;
import java.util.Map;

/**
 * What a {@link JsonReader} builds while it reads: one method for each kind of JSON value.
 *
 * <p>Lines count from 1 and are those on which the value starts. Maps keep the order of the text; of a repeated name the
 * last value stays, as in Go's decoder. Called on the reader's thread only. Source: ours.
 *
 * @param <T> what a value becomes
 */
public interface JsonShape<T> {
    T object(Map<String, T> fields, int line);

    T array(List<T> elements, int line);

    T text(String value, int line);

    /** A number exactly as written, such as {@code 1}, {@code -1.5} or {@code 1e3}. */
    T number(String literal, int line);

    T bool(boolean value, int line);

    T nothing(int line);
}
