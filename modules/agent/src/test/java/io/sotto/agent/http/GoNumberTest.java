package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoNumberTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0.0,0",
        "1,1",
        "1.5,1.5",
        "-20.0,-20",
        "0.00001,0.00001",
        "-2.0738109726492317e-05,-0.000020738109726492317",
        "7.292092849264607e-06,0.000007292092849264607",
        "1e-7,1e-7",
        "1.5e-9,1.5e-9",
        "100000000000000000000,100000000000000000000",
        "1e21,1e+21"
    })
    void numbersReadAsGoWritesThem(double value, String text) {
        assertThat(GoNumber.of(value)).isEqualTo(new Json.Numeral(text));
        assertThat(Double.parseDouble(text)).isEqualTo(value == 0 ? 0 : value);
    }

    @Test
    void whatIsNoNumberIsNull() {
        assertThat(GoNumber.of(Double.NaN)).isEqualTo(Json.Nothing.INSTANCE);
        assertThat(GoNumber.of(Double.POSITIVE_INFINITY)).isEqualTo(Json.Nothing.INSTANCE);
    }
}
