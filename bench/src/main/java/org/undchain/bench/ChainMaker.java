package org.undchain.bench;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ChainHead;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Writes the history that validators would have made in hours: transfers signed by their accounts,
 * executed by the real ledger, each block decided by the precommits of a quorum.
 */
final class ChainMaker {
  private final Chain chain;
  private final ChainHead head;
  private final Map<NodeId, Signer> consensus = new TreeMap<>();
  private final List<Payer> payers;

  /**
   * @param keys consensus signers of the set of the genesis
   * @param payers accounts of the genesis
   */
  ChainMaker(Chain chain, List<Signer> keys, List<Payer> payers) {
    this.chain = chain;
    this.head = new ChainHead(chain);
    keys.forEach(key -> consensus.put(key.id(), key));
    this.payers = List.copyOf(payers);
  }

  long height() {
    return head.height();
  }

  /** The next block, with so many entries of every payer. */
  Block next(int entriesOfEach) {
    long slot = head.workSlot();
    List<OpenedEntry> entries = new ArrayList<>();
    for (Payer payer : payers) {
      for (int i = 0; i < entriesOfEach; i++) {
        entries.add(open(payer.pay(1, slot, 1).getFirst().envelope()));
      }
    }
    entries.sort(Comparator.comparing(OpenedEntry::id));
    List<Hash> ids = entries.stream().map(OpenedEntry::id).toList();
    Header header = head.header(ids, head.plainNextSlot());
    Cert qc = certificate(header);
    head.apply(header, entries, qc);
    return Block.newBuilder()
        .setHead(SignedHeader.newBuilder().setHeader(header).setQc(qc))
        .addAllEntries(entries.stream().map(OpenedEntry::envelope).toList())
        .build();
  }

  private OpenedEntry open(Envelope envelope) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), envelope).good().orElseThrow();
  }

  private Cert certificate(Header header) {
    ValidatorSet set = head.set();
    Vote vote =
        Vote.newBuilder()
            .setHeight(header.getHeight())
            .setSlot(header.getSlot())
            .setType(VoteType.VOTE_TYPE_PRECOMMIT)
            .setValue(Certificates.valueOf(header).toByteString())
            .build();
    Cert.Builder cert =
        Cert.newBuilder()
            .setHeight(vote.getHeight())
            .setSlot(vote.getSlot())
            .setType(vote.getType())
            .setValue(vote.getValue());
    int bitmap = 0;
    for (int member = 0; member < set.quorum(); member++) {
      Signer signer =
          Optional.ofNullable(consensus.get(set.member(member).consensusKey())).orElseThrow();
      bitmap |= 1 << member;
      cert.addSigs(signature(set, signer, vote));
    }
    return cert.setBitmap(bitmap).build();
  }

  private ByteString signature(ValidatorSet set, Signer signer, Vote vote) {
    Bytes signed =
        Envelopes.signedBytes(
            chain.context(),
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            set.cert().getPeriod(),
            signer.id(),
            Canonical.encode(vote));
    return signer.sign(signed).toByteString();
  }
}
