package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import java.math.BigDecimal;

/** Numbers in JSON as Go writes them, so that those who compare texts find no difference. Pure. Source: Go, encoding/json. */
final class GoNumber {
    private static final double PLAIN_FROM = 1e-6;
    private static final double PLAIN_BELOW = 1e21;

    private GoNumber() {}

    /** The shortest digits that stand for this value, without a needless fraction; null for what JSON cannot say. */
    static Json of(double value) {
        if (!Double.isFinite(value)) {
            return Json.Nothing.INSTANCE;
        }
        double size = Math.abs(value);
        if (size == 0) {
            return new Json.Numeral("0");
        }
        if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
            String digits = new BigDecimal(Double.toString(value)).toPlainString();
            return new Json.Numeral(
                    digits.indexOf('.') < 0
                            ? digits
                            : digits.replaceAll("0+$", "").replaceAll("\\.$", ""));
        }
        String[] parts = Double.toString(value).split("E", 2);
        String exponent = parts[1].startsWith("-") ? parts[1] : "+" + parts[1];
        return new Json.Numeral(parts[0].replaceAll("\\.0$", "") + "e" + exponent);
    }
}
