/**
 * Queries: which are new and for whom they are, those of our own that are under way, where answers go besides straight to
 * the asker, and the queries that members answer by themselves.
 */
@NullMarked
package io.sotto.membership.query;

import org.jspecify.annotations.NullMarked;
