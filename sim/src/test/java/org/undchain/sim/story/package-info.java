@org.jspecify.annotations.NullMarked
package org.undchain.sim.story;
