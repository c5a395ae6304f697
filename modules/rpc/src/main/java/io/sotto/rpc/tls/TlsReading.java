package io.sotto.rpc.tls;

import io.sotto.pki.TlsSettings;
import java.util.List;

/**
 * What one look at the files found. Equal if the same bytes were found, or the same faults.
 *
 * @param settings with the bytes that could be read
 * @param faults why the files cannot be used; none of them shows content
 * @param warnings what an operator should know of the files
 */
record TlsReading(TlsSettings settings, List<String> faults, List<String> warnings) {
    TlsReading {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }
}
