package org.undchain.sim;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.KeyRatchet;
import org.undchain.core.crypto.Signer;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.validator.ValidatorKeys;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** All secrets of a validator, made from its name: a keys folder that survives every crash. */
public final class NamedKeys implements ValidatorKeys {
  private final Signatures signatures;
  private final long beatsPerPeriod;
  private final Signer identity;
  private final Map<NodeId, Signer> consensus = new TreeMap<>();
  private final Map<Long, Signer> byPeriod = new TreeMap<>();
  private final Map<Long, BeatChain> beats = new TreeMap<>();
  private KeyRatchet newest;

  public NamedKeys(Signatures signatures, String name, long beatsPerPeriod) {
    this.signatures = signatures;
    this.beatsPerPeriod = beatsPerPeriod;
    this.identity = World.signer(signatures, name);
    this.newest = new KeyRatchet(0, World.secret("ratchet " + name));
    enter(newest);
  }

  /** How the genesis names this validator. */
  public GenesisValidator inGenesis(boolean isActive, ValidatorClass known, long bond) {
    return GenesisValidator.newBuilder()
        .setId(identity.id().toByteString())
        .setConsensusKey(consensusKeyOf(0).toByteString())
        .setBeatTip(beatChainOf(0).tip().toByteString())
        .setActive(isActive)
        .setValidatorClass(known)
        .setBond(bond)
        .build();
  }

  @Override
  public Signer identity() {
    return identity;
  }

  @Override
  public Optional<Signer> consensus(NodeId consensusKey) {
    return Optional.ofNullable(consensus.get(consensusKey));
  }

  @Override
  public Optional<BeatChain> beats(Hash tip) {
    return beats.values().stream().filter(chain -> chain.tip().equals(tip)).findFirst();
  }

  @Override
  public NodeId consensusKeyOf(long period) {
    return signer(period).id();
  }

  @Override
  public BeatChain beatChainOf(long period) {
    reach(period);
    return Optional.ofNullable(beats.get(period)).orElseThrow();
  }

  private Signer signer(long period) {
    reach(period);
    return Optional.ofNullable(byPeriod.get(period)).orElseThrow();
  }

  private void reach(long period) {
    while (newest.period() < period) {
      newest = newest.next();
      enter(newest);
    }
  }

  private void enter(KeyRatchet ratchet) {
    Signer signer = signatures.signer(ratchet.consensusSeed());
    consensus.put(signer.id(), signer);
    byPeriod.put(ratchet.period(), signer);
    beats.put(ratchet.period(), new BeatChain(ratchet.beatSeed(), beatsPerPeriod));
  }
}
