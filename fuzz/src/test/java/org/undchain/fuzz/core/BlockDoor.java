package org.undchain.fuzz.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Header;
import org.undchain.core.message.VoteType;
import org.undchain.core.sync.BlockCheck;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/**
 * Blocks that a peer serves, and certificates, with Ed25519: only what the town decided at a height
 * is ever taken for decided there (S1).
 */
public final class BlockDoor implements Door {
  private final Town town = Town.ofReal();
  private final ValidatorSet set =
      ValidatorSet.of(GenesisBlock.firstSet(town.chain())).orElseThrow();
  private final Map<Long, Hash> decided = new TreeMap<>();

  public BlockDoor() {
    for (Block block : town.blocks()) {
      Header header = block.getHead().getHeader();
      decided.put(header.getHeight(), Certificates.valueOf(header));
    }
  }

  @Override
  public boolean enter(byte[] bytes) {
    Bytes wrapped = Bytes.wrap(bytes);
    Canonical.decode(Cert.parser(), wrapped).ifPresent(this::judge);
    Optional<Block> block = Canonical.decode(Block.parser(), wrapped);
    if (block.isEmpty()) {
      return false;
    }
    judge(block.get().getHead().getQc());
    Header header = block.get().getHead().getHeader();
    boolean isTaken = BlockCheck.open(town.chain(), set, block.get()).good().isPresent();
    Door.require(
        !isTaken || isDecided(header.getHeight(), Certificates.valueOf(header)),
        "a block is taken that nobody decided");
    return isTaken;
  }

  private void judge(Cert cert) {
    if (Certificates.verify(town.chain().context(), town.chain().signatures(), set, cert)
        && cert.getType() == VoteType.VOTE_TYPE_PRECOMMIT
        && !cert.getValue().isEmpty()) {
      Door.require(
          isDecided(cert.getHeight(), Hash.of(cert.getValue())), "a certificate nobody signed");
    }
  }

  private boolean isDecided(long height, Hash value) {
    return value.equals(decided.get(height));
  }

  @Override
  public List<byte[]> honest() {
    return town.blocks().stream()
        .filter(block -> block.getHead().getHeader().getPeriod() == 0)
        .limit(4)
        .map(block -> Canonical.encode(block).toByteArray())
        .toList();
  }
}
