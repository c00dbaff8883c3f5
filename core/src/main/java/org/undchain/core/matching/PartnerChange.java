package org.undchain.core.matching;

import java.util.List;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.NodeId;

/** What became of one partner at this validator: for views of who is on offer. */
public sealed interface PartnerChange {
  NodeId partner();

  /** It subscribed, or renewed with other terms; the classes are those its filter names. */
  record Ready(NodeId partner, List<UtilityClass> classes, ContactRecord contact)
      implements PartnerChange {
    public Ready {
      classes = List.copyOf(classes);
    }
  }

  /** It signed off, was silent for too long or let its subscription run out. */
  record Gone(NodeId partner) implements PartnerChange {}
}
