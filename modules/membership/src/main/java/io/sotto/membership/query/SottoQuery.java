package io.sotto.membership.query;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.message.Tags;
import java.util.List;
import java.util.Optional;

/**
 * The queries that sotto members ask and answer among themselves. A filter on a tag that only they carry leaves all others
 * out: those pass the query on and answer nothing. Applications are shown none whose name begins as these do.
 *
 * <p>Source: ours; filters are those of the gossip specification, section 16.7.
 */
public enum SottoQuery {
    /** Which keys are on your ring? Asked and answered in pages; see {@link KeyPage}. */
    KEYS("keys"),
    /** What do you say of your own encryption? See {@link io.sotto.membership.upshift.SelfReport}. */
    REPORT("report");

    /** The tag that every sotto member carries. */
    public static final String TAG = "sotto";

    /** The value of {@link #TAG}: the version of these queries. */
    public static final String TAG_VALUE = "1";

    private static final String PREFIX = "_sotto_";

    private final String queryName;

    SottoQuery(String word) {
        this.queryName = PREFIX + word;
    }

    /** The whole name, as it travels. */
    public String queryName() {
        return queryName;
    }

    /** Whether its answers hold keys, so that neither it nor they may travel in the clear. */
    public boolean concernsKeys() {
        return switch (this) {
            case KEYS -> true;
            case REPORT -> false;
        };
    }

    /** By which only sotto members handle it. */
    public static List<QueryFilter> filters() {
        return List.of(new QueryFilter.Tag(TAG, "^" + TAG_VALUE + "$"));
    }

    /** By which only other members handle a query. */
    public static List<QueryFilter> othersOnly() {
        return List.of(new QueryFilter.Tag(TAG, "^([^" + TAG_VALUE + "].*|" + TAG_VALUE + ".+)?$"));
    }

    /** Whether this member handles such queries. */
    public static boolean isAnsweredBy(MemberRecord member) {
        return TAG_VALUE.equals(Tags.decode(member.meta()).get(TAG));
    }

    /** Whether a query of this name is none for applications. */
    public static boolean isReserved(String name) {
        return name.startsWith(PREFIX);
    }

    /** Empty for the queries of others, and for reserved names that nobody knows. */
    public static Optional<SottoQuery> of(String name) {
        for (SottoQuery query : values()) {
            if (query.queryName.equals(name)) {
                return Optional.of(query);
            }
        }
        return Optional.empty();
    }
}
