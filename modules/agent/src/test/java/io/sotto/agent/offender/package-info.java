/** What the house rules forbid, so that {@link io.sotto.agent.HouseArchTest} can show each rule biting. */
@NullMarked
package io.sotto.agent.offender;

import org.jspecify.annotations.NullMarked;
