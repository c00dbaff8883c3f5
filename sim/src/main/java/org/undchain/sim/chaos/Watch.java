package org.undchain.sim.chaos;

import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Honest;
import org.undchain.sim.Observer;
import org.undchain.sim.checker.AgreementChecker;
import org.undchain.sim.checker.ClockChecker;
import org.undchain.sim.checker.ConvictionChecker;
import org.undchain.sim.checker.CourtesyChecker;
import org.undchain.sim.checker.DurabilityChecker;
import org.undchain.sim.checker.LockChecker;
import org.undchain.sim.checker.OnceChecker;
import org.undchain.sim.checker.PayoutChecker;
import org.undchain.sim.checker.PromiseChecker;
import org.undchain.sim.checker.QuorumChecker;
import org.undchain.sim.checker.QuorumsChecker;
import org.undchain.sim.checker.RecoveryChecker;
import org.undchain.sim.checker.SetChecker;
import org.undchain.sim.checker.SigningChecker;
import org.undchain.sim.checker.TellingChecker;

/** Everybody who watches a run, from its first event on. A new checker gets one line here. */
final class Watch {
  private final Cluster cluster;
  private final Chronicle chronicle;
  private final PromiseChecker promises;
  private final QuorumChecker quorums;
  private final Marks marks;

  Watch(Cluster cluster) {
    this.cluster = cluster;
    Chain chain = cluster.chain();
    int n = cluster.plan().swarm().n();
    this.chronicle = new Chronicle(chain);
    this.promises =
        new PromiseChecker(chain.context(), Swarm.faulty(n) + 1, cluster.traitors()::contains);
    this.quorums =
        new QuorumChecker(chain.context(), chain.signatures(), cluster.world().firstSet());
    this.marks = new Marks(cluster);
    of(chronicle);
    of(quorums);
    of(new AgreementChecker(chain.context().chainId()));
    of(new QuorumsChecker(cluster::ownerOf, Swarm.quorum(n)));
    of(new OnceChecker(chain.context()));
    of(new PayoutChecker(chain.context()));
    of(new SetChecker());
    of(new ClockChecker(chain.calendar()));
    of(new ConvictionChecker(cluster.traitors()::contains));
    of(new LockChecker(cluster::isKeyOfTraitor));
    of(promises);
    ofHonest(new SigningChecker(cluster::isKeyOfTraitor, this::isSigned));
    ofHonest(new DurabilityChecker(cluster::isKeyOf));
    ofHonest(new TellingChecker());
    ofHonest(new RecoveryChecker());
    if (!cluster.plan().has(FaultKind.CORRUPTION)) {
      of(new CourtesyChecker(cluster.traitors()::contains));
    }
    of(marks);
  }

  private boolean isSigned(Envelope entry) {
    Chain chain = cluster.chain();
    return entry.getType() != Entry.BEAT_FIELD_NUMBER
        || Envelopes.openEntry(chain.context(), chain.signatures(), entry).good().isPresent();
  }

  private void of(Observer observer) {
    cluster.simulation().observe(observer);
  }

  private void ofHonest(Observer observer) {
    of(new Honest(observer, cluster.traitors()));
  }

  Chronicle chronicle() {
    return chronicle;
  }

  PromiseChecker promises() {
    return promises;
  }

  QuorumChecker quorums() {
    return quorums;
  }

  Marks marks() {
    return marks;
  }
}
