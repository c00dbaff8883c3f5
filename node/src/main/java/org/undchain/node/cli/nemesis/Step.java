package org.undchain.node.cli.nemesis;

import java.util.List;
import org.undchain.node.devnet.DevnetNode;

/**
 * One fault of a plan.
 *
 * @param victims whom it is done to; all validators if nobody in particular
 * @param salt what else it draws follows from it
 */
record Step(FaultType type, List<DevnetNode> victims, long salt) {
  Step {
    victims = List.copyOf(victims);
  }

  String words() {
    boolean isNamed =
        type.breadth() == FaultType.Breadth.ONE || type.breadth() == FaultType.Breadth.F;
    return type.word()
        + (isNamed
            ? " " + String.join(" ", victims.stream().map(DevnetNode::name).sorted().toList())
            : "");
  }
}
