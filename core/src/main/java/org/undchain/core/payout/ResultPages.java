package org.undchain.core.payout;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.RadixBranch;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.ResultPage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What is kept of the results of a block so that each can be proven for good (R12.4): paths of
 * entries that lie beside each other in the state's tree, with what they share written once. A
 * proof is made of its page when somebody asks for it.
 */
public final class ResultPages {
  /** Few enough that a proof costs a tenth of a millisecond: anybody may ask for one. */
  static final int ENTRIES_MAX = 64;

  private ResultPages() {}

  /**
   * Pages of these entries' results in the state that the next header names. Each is made when it
   * is asked for; an IllegalArgumentException says then that the state holds no result of one.
   *
   * @param nextHeight that header's
   */
  public static Iterator<ResultPage> of(State state, Collection<Hash> entryIds, long nextHeight) {
    Map<Hash, Hash> ids = new TreeMap<>();
    entryIds.forEach(id -> ids.put(Table.SEEN.key(id.bytes()), id));
    List<Map.Entry<Hash, Hash>> byKey = List.copyOf(ids.entrySet());
    return IntStream.range(0, Math.ceilDiv(byKey.size(), ENTRIES_MAX))
        .mapToObj(number -> {
          int from = number * ENTRIES_MAX;
          int to = Math.min(from + ENTRIES_MAX, byKey.size());
          return page(state, byKey.subList(from, to), nextHeight, number);
        })
        .iterator();
  }

  private static ResultPage page(
      State state, List<Map.Entry<Hash, Hash>> shown, long nextHeight, int number) {
    RadixBranch branch = state.branch(shown.stream().map(Map.Entry::getKey).toList());
    ResultPage.Builder page =
        ResultPage.newBuilder()
            .setNextHeight(nextHeight)
            .setPage(number)
            .setCount(branch.count())
            .setShape(branch.shape().toByteString())
            .setEnds(branch.ends().toByteString());
    for (Map.Entry<Hash, Hash> one : shown) {
      Hash id = one.getValue();
      page.addIds(id.toByteString()).addValues(result(state, id).toByteString());
    }
    return page.build();
  }

  private static Bytes result(State state, Hash id) {
    return Canonical.encode(
        state.seen(id).orElseThrow(() -> new IllegalArgumentException("no result of " + id)));
  }

  /** The proof of one result, without what anchors it; empty if it is not on this page. */
  public static Optional<ProofFile> proof(ResultPage page, Hash entryId) {
    int place = page.getIdsList().indexOf(entryId.toByteString());
    if (place < 0 || place >= page.getValuesCount()) {
      return Optional.empty();
    }
    return new RadixBranch(page.getCount(), Bytes.of(page.getShape()), Bytes.of(page.getEnds()))
        .prove(Table.SEEN.key(entryId.bytes()))
        .map(
            path -> ProofFiles.ofEntry(entryId, page.getValues(place), path, page.getNextHeight()));
  }
}
