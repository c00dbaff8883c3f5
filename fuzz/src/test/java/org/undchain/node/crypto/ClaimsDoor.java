package org.undchain.node.crypto;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/** Envelopes before their signatures are looked at: what is collected of each has its bound. */
public final class ClaimsDoor implements Door {
  private final Town town = Town.ofForgeable();
  private final List<ValidatorSet> sets =
      List.of(ValidatorSet.of(GenesisBlock.firstSet(town.chain())).orElseThrow());

  @Override
  public boolean enter(byte[] bytes) {
    try {
      Claims opening = new Claims(town.chain().context(), sets);
      opening.open(Envelope.parseFrom(bytes));
      List<Claims.Claim> claims = opening.noted();
      Door.require(claims.size() <= Claims.CLAIMS_MAX, "too many signatures are to be checked");
      return !claims.isEmpty();
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
  }

  @Override
  public List<byte[]> honest() {
    return town.samples(1).stream()
        .filter(envelope -> !envelope.getSig().isEmpty())
        .map(Envelope::toByteArray)
        .toList();
  }
}
