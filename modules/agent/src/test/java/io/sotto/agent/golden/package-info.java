/** Every exchange of the captures of real agents, against what sotto answers in their place, and where the two may differ. */
@NullMarked
package io.sotto.agent.golden;

import org.jspecify.annotations.NullMarked;
