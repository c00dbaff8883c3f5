package org.undchain.core.job;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Of which accounts a file takes requests when not all of them fit. Each account draws a lot in
 * each slot, which every validator computes alike: so they refuse the same accounts, and what one
 * of them stamps the others stamp as well. Were each to take what comes first, files would be full
 * of entries with a stamp or two, which are no promise to their clients and cost all others their
 * place.
 *
 * @param slot of the file
 * @param drawn how many of {@link #ALL} lots are in
 */
public record Lots(long slot, int drawn) {
  public static final int ALL = 1 << 16;

  /** Nobody has a place any more. */
  public static Lots none(long slot) {
    return new Lots(slot, 0);
  }

  /** How many of these are drawn, each as often as it is there. */
  long count(Stream<NodeId> accounts) {
    Map<NodeId, Boolean> known = new TreeMap<>();
    return accounts.filter(account -> known.computeIfAbsent(account, this::isDrawn)).count();
  }

  public boolean isDrawn(NodeId account) {
    if (drawn <= 0 || drawn >= ALL) {
      return drawn > 0;
    }
    byte[] of = ByteBuffer.allocate(Long.BYTES).putLong(slot).array();
    Bytes lot = Hashes.tagged("lot", Bytes.wrap(of), account.bytes()).bytes();
    return ((lot.at(0) & 0xff) << 8 | lot.at(1) & 0xff) < drawn;
  }
}
