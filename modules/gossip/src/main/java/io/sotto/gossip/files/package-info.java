/**
 * Files that survive a crash: replaced as a whole or not at all. Pure JDK; knows nothing of what a file holds.
 */
@NullMarked
package io.sotto.gossip.files;

import org.jspecify.annotations.NullMarked;
