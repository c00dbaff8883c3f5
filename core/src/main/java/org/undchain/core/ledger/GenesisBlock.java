package org.undchain.core.ledger;

import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Opening;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.PoolsLeaf;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.rules.Calendar;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Block 0 (section 1): its envelope, the chain it names, its state and its first validators. */
public final class GenesisBlock {
  /** Type of a genesis among the owner objects (kind 5). */
  public static final int TYPE = 2;

  private static final int BOOTSTRAP = 1;

  private GenesisBlock() {}

  public static Envelope seal(Signer owner, Genesis genesis) {
    return Envelopes.seal(
        ChainContext.NONE, owner, EnvelopeKind.ENVELOPE_KIND_OWNER, TYPE, 0, genesis);
  }

  /** chainId = H(genesis body); for a network's first chain also its networkId. */
  public static ChainContext context(Genesis genesis) {
    Hash chainId = Hashes.sha256(Canonical.encode(genesis));
    return new ChainContext(chainId, chainId);
  }

  /** The genesis in an envelope from a file, if its owner signed it and it is well-formed. */
  public static Opening<Genesis> open(SignatureCheck check, Envelope envelope) {
    if (envelope.getKind() != EnvelopeKind.ENVELOPE_KIND_OWNER_VALUE
        || envelope.getType() != TYPE
        || envelope.getSigner().size() != NodeId.SIZE) {
      return Opening.refused(RejectCode.REJECT_CODE_UNKNOWN_TYPE, "not a genesis");
    }
    NodeId owner = NodeId.of(envelope.getSigner());
    if (!Envelopes.isSignedBy(
        ChainContext.NONE, check, envelope, owner, Bytes.of(envelope.getSig()))) {
      return Opening.refused(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "genesis is not signed by its owner");
    }
    Optional<Genesis> genesis = Canonical.decode(Genesis.parser(), Bytes.of(envelope.getBody()));
    if (genesis.isEmpty()) {
      return Opening.refused(RejectCode.REJECT_CODE_MALFORMED, "genesis is not in canonical form");
    }
    if (!genesis.get().getOwnerKey().equals(envelope.getSigner())) {
      return Opening.refused(RejectCode.REJECT_CODE_NOT_AUTHORISED, "genesis names another owner");
    }
    return formError(genesis.get())
        .<Opening<Genesis>>map(wrong -> Opening.refused(RejectCode.REJECT_CODE_BAD_FIELD, wrong))
        .orElseGet(() -> new Opening.Good<>(genesis.get()));
  }

  private static Optional<String> formError(Genesis genesis) {
    long supply = 0;
    Bytes last = Bytes.EMPTY;
    for (GenesisAccount account : genesis.getAccountsList()) {
      Bytes id = Bytes.of(account.getId());
      if (id.size() != NodeId.SIZE
          || id.compareTo(last) <= 0
          || !Grains.isAmount(account.getBalance())) {
        return Optional.of("accounts are not ascending ids with amounts");
      }
      supply += account.getBalance();
      if (supply >= Grains.LIMIT) {
        return Optional.of("supply is 2^62 or more");
      }
      last = id;
    }
    last = Bytes.EMPTY;
    for (GenesisValidator validator : genesis.getValidatorsList()) {
      Bytes id = Bytes.of(validator.getId());
      boolean isWellFormed =
          id.size() == NodeId.SIZE
              && validator.getConsensusKey().size() == NodeId.SIZE
              && validator.getBeatTip().size() == Hash.SIZE;
      if (!isWellFormed || id.compareTo(last) <= 0 || !Grains.isAmount(validator.getBond())) {
        return Optional.of("validators are not ascending ids with keys and tips");
      }
      supply += validator.getBond();
      if (supply >= Grains.LIMIT) {
        return Optional.of("supply is 2^62 or more");
      }
      last = id;
    }
    return Optional.empty();
  }

  public static Chain chain(Genesis genesis, RunRules rules, SignatureCheck check) {
    BlockTime t0 = new BlockTime(genesis.getT0Millis());
    return new Chain(context(genesis), rules, Calendar.of(rules, t0), genesis, check);
  }

  /** The state before block 1. */
  public static State state(Chain chain) {
    Genesis genesis = chain.genesis();
    Draft draft = new Draft(State.empty());
    long supply = 0;
    for (GenesisAccount account : genesis.getAccountsList()) {
      draft.credit(NodeId.of(account.getId()), account.getBalance());
      supply = Math.addExact(supply, account.getBalance());
    }
    for (GenesisValidator validator : genesis.getValidatorsList()) {
      NodeId id = NodeId.of(validator.getId());
      draft.put(
          draft.account(id).orElseGet(() -> Draft.fresh(id)).toBuilder()
              .setBond(validator.getBond())
              .build());
      supply = Math.addExact(supply, validator.getBond());
      draft.put(leaf(validator));
    }
    draft.put(PoolsLeaf.getDefaultInstance());
    SetCert set = firstSet(chain);
    draft.put(
        ParamsLeaf.newBuilder()
            .setSupply(supply)
            .setBeacon(chain.context().chainId().toByteString())
            .setSetHash(Hashes.sha256(Canonical.encode(set)).toByteString())
            .build());
    return draft.finish();
  }

  private static ValidatorLeaf leaf(GenesisValidator validator) {
    return ValidatorLeaf.newBuilder()
        .setId(validator.getId())
        .setValidatorClass(validator.getValidatorClass())
        .setActive(validator.getActive())
        .setConsensusKey(validator.getConsensusKey())
        .setBeatTip(validator.getBeatTip())
        .addAllRoutes(validator.getRoutesList())
        .build();
  }

  /** The SetCert of period 0: the actives of the genesis (section 1). */
  public static SetCert firstSet(Chain chain) {
    return firstMembers(chain.genesis()).toBuilder()
        .setKnownMax(RunRules.knownMax(chain.rules().activeCount()))
        .setRulesHash(chain.rules().rulesHash().toByteString())
        .build();
  }

  /** What of the first SetCert follows from the genesis alone: all but what the rules say. */
  public static SetCert firstMembers(Genesis genesis) {
    SetCert.Builder set = SetCert.newBuilder();
    for (GenesisValidator validator : genesis.getValidatorsList()) {
      SetMember member =
          SetMember.newBuilder()
              .setId(validator.getId())
              .setConsensusKey(validator.getConsensusKey())
              .setValidatorClass(validator.getValidatorClass())
              .setBeatTip(validator.getBeatTip())
              .build();
      if (validator.getActive()) {
        set.addMembers(member);
      } else {
        set.addReserve(member);
      }
    }
    return set.setFlags(set.getMembersCount() < 4 ? BOOTSTRAP : 0).build();
  }
}
