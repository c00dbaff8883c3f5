package org.undchain.node.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;

/** What nodes are called here; whoever has no name is called by the ends of its address. */
public record NameBook(Map<NodeId, String> names) {
  public static final NameBook NONE = new NameBook(Map.of());

  private static final int HEAD = 10;
  private static final int TAIL = 4;

  public NameBook {
    names = Collections.unmodifiableMap(new TreeMap<>(names));
  }

  public String of(NodeId id) {
    String name = names.get(id);
    return name == null ? shortened(Address.of(id)) : name;
  }

  private static String shortened(String address) {
    return address.substring(0, HEAD) + "…" + address.substring(address.length() - TAIL);
  }
}
