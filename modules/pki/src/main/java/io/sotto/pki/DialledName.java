package io.sotto.pki;

import java.nio.charset.StandardCharsets;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/** The name in a hello. The platform's own type refuses an underscore, which the name of a datacenter may have. */
final class DialledName extends SNIServerName {
    DialledName(String dns) {
        super(StandardConstants.SNI_HOST_NAME, dns.getBytes(StandardCharsets.US_ASCII));
    }
}
