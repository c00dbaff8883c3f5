package org.undchain.core.payout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
   * Pages of these entries' results in the state that the next header names.
   *
   * @param nextHeight that header's
   * @throws IllegalArgumentException if the state holds no result of one
   */
  public static List<ResultPage> of(State state, Collection<Hash> entryIds, long nextHeight) {
    Map<Hash, Hash> ids = new TreeMap<>();
    entryIds.forEach(id -> ids.put(Table.SEEN.key(id.bytes()), id));
    List<Map.Entry<Hash, Hash>> byKey = List.copyOf(ids.entrySet());
    List<ResultPage> pages = new ArrayList<>();
    for (int from = 0; from < byKey.size(); from += ENTRIES_MAX) {
      List<Map.Entry<Hash, Hash>> shown =
          byKey.subList(from, Math.min(from + ENTRIES_MAX, byKey.size()));
      RadixBranch branch = state.branch(shown.stream().map(Map.Entry::getKey).toList());
      ResultPage.Builder page =
          ResultPage.newBuilder()
              .setNextHeight(nextHeight)
              .setPage(pages.size())
              .setCount(branch.count())
              .setShape(branch.shape().toByteString())
              .setEnds(branch.ends().toByteString());
      for (Map.Entry<Hash, Hash> one : shown) {
        Hash id = one.getValue();
        page.addIds(id.toByteString()).addValues(result(state, id).toByteString());
      }
      pages.add(page.build());
    }
    return pages;
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
