package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.GoTime;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.List;

/** Messages of {@code ConnectCA}, and of {@code PreparedQuery} as far as agents list them. */
public final class ConnectCa {
    private ConnectCa() {}

    public record Roots(
            @Name("ActiveRootID") String activeRootId,
            String trustDomain,
            List<Root> roots,
            @Embedded QueryMeta meta) {
        public Roots {
            roots = Nil.copy(roots);
        }
    }

    /** One authority; a server never tells the key. */
    public record Root(
            @Name("ID") String id,
            String name,
            @Unsigned long serialNumber,
            @Name("SigningKeyID") String signingKeyId,
            String externalTrustDomain,
            GoTime notBefore,
            GoTime notAfter,
            String rootCert,
            List<String> intermediateCerts,
            boolean active,
            GoTime rotatedOutAt,
            String privateKeyType,
            int privateKeyBits,
            @Unsigned long createIndex,
            @Unsigned long modifyIndex) {
        public Root {
            intermediateCerts = Nil.copy(intermediateCerts);
        }
    }

    /** Queries that were prepared, as trees. */
    public record Queries(List<Object> queries, @Embedded QueryMeta meta) {
        public Queries {
            queries = Nil.copy(queries);
        }
    }
}
