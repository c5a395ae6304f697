/**
 * A museum with three gates, each of which counts its visitors and knows at any time how many there are in all: a service to learn
 * from. Begin with {@link io.sotto.example.Gate}, which is the application, and {@link io.sotto.example.Museum}, which runs it.
 */
@NullMarked
package io.sotto.example;

import org.jspecify.annotations.NullMarked;
