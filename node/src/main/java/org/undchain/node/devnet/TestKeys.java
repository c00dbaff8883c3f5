package org.undchain.node.devnet;

import java.nio.charset.StandardCharsets;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;

/**
 * The secrets of a devnet, which are no secrets: each follows from the public seed and a name, so
 * that everybody can act as anybody. Nothing of value may ever be put on them.
 */
record TestKeys(long seed) {

  Bytes identity(String name) {
    return secret("identity", name);
  }

  /** Start of a validator's key ratchet. */
  Bytes ratchet(String name) {
    return secret("ratchet", name);
  }

  private Bytes secret(String use, String name) {
    return Hashes.tagged(
            "undchain public test key",
            Bytes.wrap(Hashes.u64(seed)),
            Bytes.wrap((use + " " + name).getBytes(StandardCharsets.UTF_8)))
        .bytes();
  }
}
