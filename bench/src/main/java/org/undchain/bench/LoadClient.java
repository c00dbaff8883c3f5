package org.undchain.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.undchain.core.agent.Mail;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.Hash;
import org.undchain.node.config.ConfigException;
import org.undchain.node.runtime.Host;
import org.undchain.node.runtime.NodeMeter;
import org.undchain.node.transport.TransportIdentity;

/** One client with its own connections that hands in the entries of many accounts. */
final class LoadClient implements AutoCloseable {
  /** R4.2: entries of one account that may wait for their block. */
  static final int PENDING_MAX = 16;

  private static final long GRAINS = 1;

  private final BenchNetwork network;
  private final Tally tally;
  private final LinkedBlockingQueue<Payer> ready = new LinkedBlockingQueue<>();
  private final List<Payer> payers = new ArrayList<>();
  private final int batch;
  private final Host host;
  private volatile Consumer<Payer.Payment> refused = payment -> {};

  /**
   * @param batch entries that share a signature; 1 for one each
   */
  LoadClient(BenchNetwork network, Signer identity, Tally tally, int batch) throws ConfigException {
    this.network = network;
    this.tally = tally;
    this.batch = batch;
    Chain chain = network.chain();
    ValidatorSet first = ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
    LoadMachine machine =
        new LoadMachine(
            new Mail(chain, identity), tally, ready::add, payment -> refused.accept(payment));
    this.host =
        new Host(
            network.clients(),
            new Host.Setting(
                "load",
                chain,
                identity,
                TransportIdentity.create(),
                network.clock(),
                () ->
                    Greeting.newcomer(
                        chain.context(), identity, Role.ROLE_CLIENT, chain.rules().devnet()),
                () -> List.of(first),
                Optional.empty(),
                List.of(),
                (records, now) -> {},
                notice -> {},
                failure -> {},
                failure -> System.err.println("the load has stopped: " + failure),
                NodeMeter.NONE),
            machine);
    host.start();
    host.dialValidators(validator -> Duration.ZERO);
  }

  boolean isConnected() {
    return connections() == network.chain().genesis().getValidatorsCount();
  }

  int connections() {
    return host.peers().size();
  }

  /** Who hears from now on of entries that nobody took. */
  void onRefused(Consumer<Payer.Payment> listener) {
    refused = listener;
  }

  /** An account that may pay from now on. */
  void add(Payer payer) {
    payers.add(payer);
    for (int i = 0; i < PENDING_MAX / batch; i++) {
      ready.add(payer);
    }
  }

  /** Signs ahead what it will hand in; a batch costs so little that it is not worth it. */
  void signAhead(double perSecond, int seconds) {
    if (batch == 1) {
      double perSlot = perSecond * network.chain().rules().slotMillis() / 1000 / payers.size();
      int slots = Math.toIntExact(seconds * 1000L / network.chain().rules().slotMillis());
      payers.forEach(payer -> payer.signAhead(network.slot(), perSlot, slots, GRAINS));
    }
  }

  void inBlock(long slot, List<Hash> ids, long atNanos) {
    host.command(new LoadMachine.InBlock(slot, ids, atNanos));
  }

  /** Keeps so many entries unanswered until the end; what was handed in before does not count. */
  void closedLoop(int unanswered, long endNanos) throws InterruptedException {
    Semaphore places = new Semaphore(unanswered);
    int together = Math.min(batch, unanswered);
    while (System.nanoTime() < endNanos) {
      if (places.tryAcquire(together, 100, TimeUnit.MILLISECONDS)) {
        if (!handIn(together, System.nanoTime(), places::release)) {
          places.release(together);
        }
      }
    }
  }

  /** Hands in so many entries a second, whether or not they are answered. */
  void openLoop(double perSecond, long endNanos) {
    long begin = System.nanoTime();
    double nanosEach = TimeUnit.SECONDS.toNanos(1) * batch / perSecond;
    for (long i = 0; ; i++) {
      long due = begin + (long) (i * nanosEach);
      if (due >= endNanos) {
        return;
      }
      long early = due - System.nanoTime();
      if (early > 0) {
        LockSupport.parkNanos(early);
      }
      handIn(batch, due, () -> {});
    }
  }

  /** Signs and hands in; not if every account waits for as many entries as it may. */
  private boolean handIn(int count, long atNanos, Runnable answered) {
    Payer payer = ready.poll();
    if (payer == null) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      return false;
    }
    handIn(payer, payer.pay(count, network.slot(), GRAINS), atNanos, answered);
    return true;
  }

  /** Hands in what somebody else signed. */
  void handIn(Payer payer, List<Payer.Payment> entries) {
    handIn(payer, entries, System.nanoTime(), () -> {});
  }

  private void handIn(Payer payer, List<Payer.Payment> entries, long atNanos, Runnable answered) {
    tally.offered(entries.size());
    host.command(new LoadMachine.HandIn(payer, entries, atNanos, answered));
  }

  @Override
  public void close() {
    host.close();
  }
}
