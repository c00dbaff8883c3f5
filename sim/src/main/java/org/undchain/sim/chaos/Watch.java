package org.undchain.sim.chaos;

import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Honest;
import org.undchain.sim.Observer;
import org.undchain.sim.checker.AgreementChecker;
import org.undchain.sim.checker.BreachChecker;
import org.undchain.sim.checker.CallChecker;
import org.undchain.sim.checker.ClockChecker;
import org.undchain.sim.checker.ConvictionChecker;
import org.undchain.sim.checker.CourtesyChecker;
import org.undchain.sim.checker.CoverChecker;
import org.undchain.sim.checker.DurabilityChecker;
import org.undchain.sim.checker.FinalChecker;
import org.undchain.sim.checker.FreezeChecker;
import org.undchain.sim.checker.LoadChecker;
import org.undchain.sim.checker.LockChecker;
import org.undchain.sim.checker.OnceChecker;
import org.undchain.sim.checker.PayoutChecker;
import org.undchain.sim.checker.PromiseChecker;
import org.undchain.sim.checker.QuorumChecker;
import org.undchain.sim.checker.QuorumsChecker;
import org.undchain.sim.checker.RecedingChecker;
import org.undchain.sim.checker.RecoveryChecker;
import org.undchain.sim.checker.ScopeChecker;
import org.undchain.sim.checker.SeatPayChecker;
import org.undchain.sim.checker.SessionsChecker;
import org.undchain.sim.checker.SetChecker;
import org.undchain.sim.checker.SettlementChecker;
import org.undchain.sim.checker.SigningChecker;
import org.undchain.sim.checker.SlotChecker;
import org.undchain.sim.checker.SpreadChecker;
import org.undchain.sim.checker.TellingChecker;

/** Everybody who watches a run, from its first event on. A new checker gets one line here. */
final class Watch {
  private final Cluster cluster;
  private final Chronicle chronicle;
  private final PromiseChecker promises;
  private final QuorumChecker quorums;
  private final SessionsChecker sessions;
  private final CallChecker calls;
  private final BreachChecker breaches;
  private final SpreadChecker spread;
  private final RecedingChecker receding;
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
    this.sessions = new SessionsChecker(chain.calendar());
    this.calls = new CallChecker(chain.context());
    this.breaches = new BreachChecker(chain, cluster.traitors()::contains);
    this.spread = new SpreadChecker(cluster.simulation()::now);
    this.receding = new RecedingChecker(cluster.simulation()::loads);
    this.marks = new Marks(cluster);
    of(chronicle);
    of(quorums);
    of(new AgreementChecker(chain.context().chainId()));
    of(new QuorumsChecker(cluster::ownerOf, Swarm.quorum(n)));
    of(new SlotChecker());
    of(new OnceChecker(chain.context()));
    of(new SettlementChecker(chain));
    of(new SeatPayChecker(chain.context()));
    of(new CoverChecker(chain.context(), chain.signatures()));
    of(new FinalChecker(cluster.world().firstSet(), cluster.traitors()::contains));
    of(new LoadChecker(cluster.simulation()::loads));
    of(sessions);
    of(calls);
    of(breaches);
    of(spread);
    of(new PayoutChecker(chain.context()));
    of(new SetChecker());
    of(new ClockChecker(chain.calendar()));
    of(new ConvictionChecker(cluster.traitors()::contains));
    of(new LockChecker(cluster::isKeyOfTraitor));
    of(promises);
    of(
        new Honest(
            new SigningChecker(cluster::isKeyOfTwoTongued, this::isSigned), cluster.twoTongued()));
    ofHonest(new DurabilityChecker(cluster::isKeyOf));
    ofHonest(new FreezeChecker());
    ofHonest(new TellingChecker());
    ofHonest(new RecoveryChecker());
    ofHonest(new ScopeChecker(chain.context(), chain.signatures()));
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

  SessionsChecker sessions() {
    return sessions;
  }

  CallChecker calls() {
    return calls;
  }

  BreachChecker breaches() {
    return breaches;
  }

  SpreadChecker spread() {
    return spread;
  }

  RecedingChecker receding() {
    return receding;
  }

  Marks marks() {
    return marks;
  }
}
