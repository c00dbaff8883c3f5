package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Transfer;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.Entries;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.store.StoreException;

/**
 * Clients who send each other small amounts for as long as the campaign lasts, one entry at a time
 * each. They are ordinary clients: what they count as promised is what any client would.
 */
final class Workload implements AutoCloseable {
  /** Between two entries of one client: a nonce window of 64 then outlasts a slot. */
  private static final long PAUSE_MILLIS = 150;

  private static final long AFTER_FAILURE_MILLIS = 500;
  private static final long AMOUNT_MAX = 1000;

  private final Chain chain;
  private final List<DevnetPlan.Account> accounts;
  private final PromiseLog promises;
  private final Map<Hash, Attempt> attempts = new LinkedHashMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private final List<ClientNode> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** An entry that a client signed, whatever became of it. */
  record Attempt(NodeId from, NodeId to, long grains, long fee) {}

  private Workload(Chain chain, List<DevnetPlan.Account> accounts, PromiseLog promises) {
    this.chain = chain;
    this.accounts = accounts;
    this.promises = promises;
  }

  static Workload start(
      Machinery machinery,
      Chain chain,
      BlockClock clock,
      List<DevnetPlan.Account> accounts,
      Path folder,
      PromiseLog promises,
      long seed)
      throws ConfigException, StoreException {
    Workload workload = new Workload(chain, accounts, promises);
    try {
      SplittableRandom random = new SplittableRandom(seed);
      for (DevnetPlan.Account account : accounts) {
        ClientNode client =
            ClientNode.start(
                machinery,
                new ClientNode.Setting(
                    folder.resolve(account.name()),
                    chain,
                    machinery.signer(account.secret()),
                    clock));
        workload.clients.add(client);
        SplittableRandom own = random.split();
        workload.threads.add(
            Thread.ofVirtual()
                .name("workload-" + account.name())
                .start(() -> workload.run(account.id(), client, own)));
      }
      return workload;
    } catch (ConfigException | StoreException | RuntimeException failure) {
      workload.close();
      throw failure;
    }
  }

  private void run(NodeId self, ClientNode client, SplittableRandom random) {
    Entries entries = new Entries(client);
    List<NodeId> others =
        accounts.stream().map(DevnetPlan.Account::id).filter(id -> !id.equals(self)).toList();
    try {
      while (true) {
        NodeId to = others.get(random.nextInt(others.size()));
        transfer(entries, self, to, 1 + random.nextLong(AMOUNT_MAX));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      throw new UncheckedIOException("the list of promises cannot be kept", failure);
    }
  }

  private void transfer(Entries entries, NodeId from, NodeId to, long grains)
      throws InterruptedException, IOException {
    try {
      Entries.Promise promise =
          entries.submit(
              (nonce, window) ->
                  Transfer.newBuilder()
                      .setNonce(nonce)
                      .setValidFrom(window.from())
                      .setValidTo(window.to())
                      .setTo(to.toByteString())
                      .setAmount(grains)
                      .build(),
              false,
              entry -> attempted(entry, from, to, grains));
      promises.add(promise);
      Thread.sleep(PAUSE_MILLIS);
    } catch (ClientException refused) {
      note(refused.reason());
      Thread.sleep(AFTER_FAILURE_MILLIS);
    }
  }

  private synchronized void attempted(Envelope entry, NodeId from, NodeId to, long grains) {
    long fee = chain.rules().fee(entry.getBody().size());
    Hash id = org.undchain.core.message.Envelopes.id(chain.context(), entry);
    attempts.put(id, new Attempt(from, to, grains, fee));
  }

  private synchronized void note(String reason) {
    refusals.merge(reason, 1, Integer::sum);
  }

  synchronized Map<Hash, Attempt> attempts() {
    return new LinkedHashMap<>(attempts);
  }

  /** How often entries ended without a promise, by reason. */
  synchronized Map<String, Integer> refusals() {
    return new TreeMap<>(refusals);
  }

  /** Whether every client still works. */
  boolean isWorking() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /** No entry leaves any more when this returns. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
    clients.forEach(ClientNode::close);
  }
}
