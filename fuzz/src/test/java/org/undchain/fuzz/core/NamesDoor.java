package org.undchain.fuzz.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.utilities.storage.ObjectId;

/** Names that people type: addresses and object ids have one spelling each. */
public final class NamesDoor implements Door {
  @Override
  public boolean enter(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Optional<NodeId> address = Address.parse(text);
    address.ifPresent(id -> Door.require(Address.of(id).equals(text), "two spellings of one id"));
    Optional<ObjectId> object = ObjectId.parse(text);
    object.ifPresent(id -> Door.require(id.text().equals(text), "two spellings of one object"));
    return address.isPresent() || object.isPresent();
  }

  @Override
  public List<byte[]> honest() {
    NodeId ann = new NodeId(Hashes.tagged("ann").bytes());
    ObjectId object = new ObjectId(Hashes.tagged("root"), Hashes.tagged("key").bytes());
    return List.of(
        Address.of(ann).getBytes(StandardCharsets.UTF_8),
        object.text().getBytes(StandardCharsets.UTF_8));
  }
}
