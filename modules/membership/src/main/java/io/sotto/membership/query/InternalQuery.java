package io.sotto.membership.query;

import java.util.Optional;

/**
 * The queries that members answer by themselves. Applications are shown none whose name begins as these do.
 *
 * <p>Source: gossip specification, section 17.7.
 */
public enum InternalQuery {
    /** Are you there? An ack says it all. */
    PING("ping"),
    /** Whom do you know by this name? */
    CONFLICT("conflict"),
    INSTALL_KEY("install-key"),
    USE_KEY("use-key"),
    REMOVE_KEY("remove-key"),
    LIST_KEYS("list-keys");

    private static final String PREFIX = "_serf_";

    private final String queryName;

    InternalQuery(String word) {
        this.queryName = PREFIX + word;
    }

    /** The whole name, as it travels. */
    public String queryName() {
        return queryName;
    }

    /** Whether it reads or changes the keyring. */
    public boolean concernsKeys() {
        return switch (this) {
            case PING, CONFLICT -> false;
            case INSTALL_KEY, USE_KEY, REMOVE_KEY, LIST_KEYS -> true;
        };
    }

    /** Whether a query of this name is none for applications. */
    public static boolean isReserved(String name) {
        return name.startsWith(PREFIX);
    }

    /** Empty for applications' queries, and for reserved names that nobody knows. */
    public static Optional<InternalQuery> of(String name) {
        for (InternalQuery query : values()) {
            if (query.queryName.equals(name)) {
                return Optional.of(query);
            }
        }
        return Optional.empty();
    }
}
