package org.undchain.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SetMember;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Folders;
import org.undchain.node.devnet.Founding;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.store.Journal;
import org.undchain.node.store.StoreException;
import org.undchain.node.store.StoreOwner;
import org.undchain.node.validator.DiskValidatorKeys;
import org.undchain.node.validator.ValidatorNode;

/**
 * How fast a validator with an empty disk comes to where the others are (target 11): three real
 * validators hold a history of so many blocks, the fourth asks them for it over TLS, checks every
 * certificate and signature, executes every block and makes it durable.
 */
final class CatchUpBench implements AutoCloseable {
  private static final int VALIDATORS = 4;
  private static final long SLOT_MILLIS = 1000;

  /** The longest there is, so that the history is one period: without payouts. */
  private static final long PERIOD_SLOTS = DevnetShape.PERIOD_SLOTS_MAX;

  private static final int GROUP = 64;
  private static final long SPARE_SLOTS = 60;
  private static final long WAIT_MINUTES = 30;

  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final List<AutoCloseable> running = new ArrayList<>();

  /**
   * @param seconds from its start to its newest block
   */
  record Result(int blocks, long entries, double seconds) {
    double timesRealTime() {
      return blocks * SLOT_MILLIS / 1000.0 / seconds;
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "caught up with %d blocks of %d entries in %.1f s: %.0f blocks/s, %.0f entries/s, %.0f"
              + " times as fast as slots of %d ms pass",
          blocks,
          entries / Math.max(1, blocks),
          seconds,
          blocks / seconds,
          entries / seconds,
          timesRealTime(),
          SLOT_MILLIS);
    }
  }

  private CatchUpBench(DevnetFolder folder, DevnetPlan plan) {
    this.folder = folder;
    this.plan = plan;
  }

  /** The data folder is removed at the end. */
  static Result run(int blocks, int entriesOfEach)
      throws ConfigException, IOException, InterruptedException {
    Path data = Files.createTempDirectory("undchain-catch-up-");
    try {
      DevnetFolder folder = new DevnetFolder(data.resolve("net"));
      BlockTime t0 =
          new BlockTime(System.currentTimeMillis() - (blocks + SPARE_SLOTS) * SLOT_MILLIS);
      DevnetPlan plan =
          Founding.make(
              folder, new DevnetShape(VALIDATORS, 1, 0, 0, SLOT_MILLIS, PERIOD_SLOTS, 7), t0);
      try (CatchUpBench bench = new CatchUpBench(folder, plan);
          LogFile log = LogFile.ofProcess(folder.processLog(), NodeFile.LogLevel.WARN)) {
        return bench.measure(blocks, entriesOfEach);
      }
    } finally {
      Folders.delete(data);
    }
  }

  private Result measure(int blocks, int entriesOfEach)
      throws ConfigException, IOException, InterruptedException {
    List<DevnetNode> servers = plan.nodes().subList(0, VALIDATORS - 1);
    long entries = writeHistory(servers, blocks, entriesOfEach);
    for (DevnetNode server : servers) {
      start(server, notice -> {});
    }
    CountDownLatch there = new CountDownLatch(1);
    long begin = System.nanoTime();
    start(
        plan.nodes().getLast(),
        notice -> {
          if (notice instanceof ValidatorNotice.BlockCommitted committed
              && committed.block().header().getHeight() >= blocks) {
            there.countDown();
          }
        });
    if (!there.await(WAIT_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the validator did not catch up");
    }
    return new Result(blocks, entries, (System.nanoTime() - begin) / 1e9);
  }

  /** Into the stores of these; answers how many entries it has. */
  private long writeHistory(List<DevnetNode> servers, int blocks, int entriesOfEach)
      throws ConfigException, StoreException {
    try (Machinery machinery = Machinery.start()) {
      Chain chain = chain(machinery);
      List<Signer> consensus = new ArrayList<>();
      List<Journal> journals = new ArrayList<>();
      try {
        for (DevnetNode node : plan.nodes()) {
          DiskValidatorKeys keys =
              DiskValidatorKeys.load(
                  ValidatorNode.keysOf(dataOf(node)),
                  machinery::signer,
                  chain.calendar().beatsPerPeriod());
          consensus.add(consensusOf(chain, keys));
          if (servers.contains(node)) {
            journals.add(
                Journal.open(
                    dataOf(node), new StoreOwner(chain.context().chainId(), keys.identity().id())));
          }
        }
        NodeId payee = plan.accounts().getFirst().id();
        List<Payer> payers =
            plan.accounts().stream()
                .map(account -> new Payer(chain, machinery.signer(account.secret()), payee))
                .toList();
        ChainMaker maker = new ChainMaker(chain, consensus, payers);
        write(chain, maker, journals, blocks, entriesOfEach);
        return (long) blocks * payers.size() * entriesOfEach;
      } finally {
        journals.forEach(Journal::close);
      }
    }
  }

  private static Signer consensusOf(Chain chain, DiskValidatorKeys keys) {
    for (SetMember member : GenesisBlock.firstSet(chain).getMembersList()) {
      if (NodeId.of(member.getId()).equals(keys.identity().id())) {
        return keys.consensus(NodeId.of(member.getConsensusKey())).orElseThrow();
      }
    }
    throw new IllegalStateException(keys.identity().id() + " is not in the set of the genesis");
  }

  private static void write(
      Chain chain, ChainMaker maker, List<Journal> journals, int blocks, int entriesOfEach)
      throws StoreException {
    List<LogRecord> group = new ArrayList<>();
    while (maker.height() < blocks) {
      group.add(LogRecord.newBuilder().setBlock(maker.next(entriesOfEach)).build());
      if (group.size() == GROUP || maker.height() == blocks) {
        for (Journal journal : journals) {
          journal.commit(group, chain.calendar().startOf(maker.height()));
        }
        group.clear();
      }
    }
  }

  private void start(DevnetNode node, Consumer<ValidatorNotice> listener)
      throws ConfigException, StoreException {
    Machinery own = Machinery.start(); // it remembers no signature that another one has checked
    running.add(own);
    running.add(
        ValidatorNode.start(
            own,
            new ValidatorNode.Setting(
                node.name(),
                dataOf(node),
                chain(own),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()),
                BlockClock.wall(0),
                List.of(listener),
                failure -> System.err.println(node.name() + " has stopped itself: " + failure))));
  }

  private Chain chain(Machinery machinery) throws ConfigException {
    return ChainFiles.load(folder.genesisFile(), folder.rulesFile(), machinery.signatures());
  }

  private Path dataOf(DevnetNode node) throws ConfigException {
    return NodeFile.load(folder.nodeFile(node.name())).data();
  }

  @Override
  public void close() {
    for (AutoCloseable one : running.reversed()) {
      try {
        one.close();
      } catch (Exception failed) {
        throw new IllegalStateException("a node does not close", failed);
      }
    }
  }
}
