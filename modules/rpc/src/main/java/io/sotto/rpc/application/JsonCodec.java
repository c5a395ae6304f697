package io.sotto.rpc.application;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.sotto.wire.Octets;
import java.io.IOException;

/**
 * Values as JSON text, by a mapper of the application's own. Needs Jackson on the class path, which sotto does not bring.
 *
 * <p>What a peer sent is bound to {@code type} by the mapper: one that lets JSON choose classes would let any peer choose
 * them.
 *
 * @param <T> what the values are
 */
public final class JsonCodec<T> implements RpcCodec<T> {
    private final ObjectWriter writer;
    private final ObjectReader reader;

    private JsonCodec(ObjectWriter writer, ObjectReader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    public static <T> JsonCodec<T> of(ObjectMapper mapper, Class<T> type) {
        return new JsonCodec<>(mapper.writerFor(type), mapper.readerFor(type));
    }

    /** @throws IllegalArgumentException for a value that the mapper cannot write */
    @Override
    public Octets encode(T value) {
        try {
            return RpcCodecs.bytes().encode(Octets.wrap(writer.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public T decode(Octets body) throws RpcCodecException {
        Octets text = RpcCodecs.bytes().decode(body);
        try {
            T value = reader.readValue(text.array(), text.arrayOffset(), text.length());
            if (value == null) {
                throw new RpcCodecException("expected a value, found null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new RpcCodecException("unreadable JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new RpcCodecException("unreadable JSON", e);
        }
    }
}
