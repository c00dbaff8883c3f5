package org.undchain.utilities.storage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.undchain.core.value.Hash;

/**
 * The file name of a shard: its root and the slot it is kept to. Nothing that a client says but a
 * hash gets into a path, and a longer keeping time is one rename.
 */
record ShardName(Hash root, long keepUntilSlot) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{64})-([0-9]{1,18})");

  static Optional<ShardName> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new ShardName(Hash.ofHex(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  String text() {
    return root.hex() + "-" + keepUntilSlot;
  }
}
