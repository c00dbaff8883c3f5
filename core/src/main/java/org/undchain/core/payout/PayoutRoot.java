package org.undchain.core.payout;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * payoutRoot = list root of the section roots [header, jobs, transfers, aliases, links, rules,
 * validators, scores, slots] (R12.2). The blobs are not under it (R0.6): each is checked by its id.
 */
public final class PayoutRoot {
  static final int JOBS_SECTION = 1;
  static final int SECTIONS = 9;

  private PayoutRoot() {}

  public static Hash of(PayoutFile file) {
    return ofSections(sectionRoots(file));
  }

  static Hash ofSections(List<Hash> roots) {
    return MerkleList.root(roots.stream().map(Hash::bytes).toList());
  }

  static List<Hash> sectionRoots(PayoutFile file) {
    List<Hash> roots = new ArrayList<>();
    roots.add(MerkleList.root(List.of(Canonical.encode(file.getHeader()))));
    roots.add(MerkleList.root(rows(file.getJobsList())));
    roots.add(MerkleList.root(rows(file.getTransfersList())));
    roots.add(MerkleList.root(rows(file.getAliasesList())));
    roots.add(MerkleList.root(file.getLinksList().stream().map(Bytes::of).toList()));
    roots.add(MerkleList.root(file.getRulesList().stream().map(Bytes::of).toList()));
    roots.add(MerkleList.root(rows(file.getValidatorsList())));
    roots.add(MerkleList.root(rows(file.getScoresList())));
    roots.add(MerkleList.root(rows(file.getSlotsList())));
    return roots;
  }

  static List<Bytes> rows(List<? extends Message> messages) {
    List<Bytes> rows = new ArrayList<>(messages.size());
    messages.forEach(message -> rows.add(Canonical.encode(message)));
    return rows;
  }
}
