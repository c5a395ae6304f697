package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Whole numbers of at most 64 bits: {@code long}, signed or not. */
final class IntegerCodec extends ValueCodec<Long> {
    static final IntegerCodec SIGNED = new IntegerCodec(false);
    static final IntegerCodec UNSIGNED = new IntegerCodec(true);

    private final boolean isUnsigned;

    private IntegerCodec(boolean isUnsigned) {
        this.isUnsigned = isUnsigned;
    }

    @Override
    Long zero() {
        return 0L;
    }

    @Override
    void write(MsgpackWriter writer, Long value) {
        if (isUnsigned) {
            writer.unsigned(value);
        } else {
            writer.signed(value);
        }
    }

    @Override
    Long read(RecordInput input) {
        return isUnsigned ? input.reader.unsigned64() : input.reader.signed();
    }

    @Override
    Object toTree(Long value) {
        return isUnsigned && value < 0 ? new BigInteger(Long.toUnsignedString(value)) : (Object) value;
    }

    @Override
    Long fromTree(Object tree, String path) throws TreeException {
        BigInteger value = whole(tree, path);
        if (isUnsigned ? value.signum() < 0 || value.bitLength() > 64 : value.bitLength() > 63) {
            throw TreeException.expected(path, "a whole number of 64 bits", tree);
        }
        return value.longValue();
    }

    static BigInteger whole(Object tree, String path) throws TreeException {
        if (tree instanceof Number number) {
            try {
                BigDecimal exact = new BigDecimal(number.toString());
                // A huge exponent would take as much memory to write out.
                if (exact.precision() - exact.scale() <= 40) {
                    return exact.toBigIntegerExact();
                }
            } catch (NumberFormatException | ArithmeticException notWhole) {
                throw TreeException.expected(path, "a whole number", tree);
            }
        }
        throw TreeException.expected(path, "a whole number", tree);
    }
}
