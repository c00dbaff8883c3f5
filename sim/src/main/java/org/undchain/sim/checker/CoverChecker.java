package org.undchain.sim.checker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S11: what partners get out of an escrow is covered by a receipt under the client's own signature,
 * by the session key that the client's contract names. Fees out of an escrow are judged by {@link
 * ReferenceLedger}.
 */
public final class CoverChecker implements Observer {
  private final ChainContext context;
  private final SignatureCheck check;
  private final Map<Hash, NodeId> sessionKeys = new TreeMap<>();
  private final Map<Hash, Long> covered = new TreeMap<>();
  private final Map<Hash, Long> paid = new TreeMap<>();
  private long height;

  public CoverChecker(ChainContext context, SignatureCheck check) {
    this.context = context;
    this.check = check;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (notice instanceof ValidatorNotice.BlockCommitted committed
        && committed.block().header().getHeight() > height) {
      height = committed.block().header().getHeight();
      committed.block().entries().forEach(this::enter);
      committed
          .payout()
          .ifPresent(
              file -> file.getJobsList().forEach(job -> job.getSeatsList().forEach(this::judge)));
    }
  }

  private void enter(OpenedEntry entry) {
    try {
      if (entry.body().hasStart()) {
        Envelope contract = entry.body().getStart().getClientContract();
        NodeId client = NodeId.of(contract.getSigner());
        Contract body = Contract.parseFrom(contract.getBody());
        if (isSigned(contract, client) && body.getClient().equals(contract.getSigner())) {
          sessionKeys.putIfAbsent(
              Envelopes.id(context, contract), NodeId.of(body.getClientSessionKey()));
        }
      } else if (entry.body().hasComplete()) {
        enter(entry.body().getComplete());
      }
    } catch (InvalidProtocolBufferException malformed) {
      throw new Violation("S11", "a block holds a session object that cannot be read");
    }
  }

  private void enter(Complete complete) throws InvalidProtocolBufferException {
    Hash contractId = Hash.of(complete.getContractId());
    Envelope receipt = complete.getReceipt();
    NodeId key = sessionKeys.get(contractId);
    if (key != null && isSigned(receipt, key)) {
      boolean isClose = receipt.getType() == WireMessage.CLOSE_FIELD_NUMBER;
      long amount =
          isClose
              ? Close.parseFrom(receipt.getBody()).getAmount()
              : Micro.parseFrom(receipt.getBody()).getCumAmount();
      covered.merge(contractId, amount, Math::max);
    }
  }

  private boolean isSigned(Envelope object, NodeId key) {
    return object.getSigner().equals(key.toByteString())
        && check.verify(key, Envelopes.signedBytes(context, object), Bytes.of(object.getSig()));
  }

  private void judge(SeatRow row) {
    Hash contractId = Hash.of(row.getContractId());
    long sum = paid.merge(contractId, row.getPaid(), Math::addExact);
    long signed = covered.getOrDefault(contractId, 0L);
    if (sum > signed) {
      throw new Violation(
          "S11", "seat " + contractId + " got " + sum + ", its client signed for " + signed);
    }
  }
}
