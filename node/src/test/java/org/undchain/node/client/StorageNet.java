package org.undchain.node.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.undchain.core.message.Route;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.devnet.FreePorts;
import org.undchain.node.partner.PartnerNode;
import org.undchain.node.validator.Testnet;
import org.undchain.utilities.storage.FileSource;
import org.undchain.utilities.storage.ObjectId;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageProgress;

/** Validators and storage partners on loopback sockets and real disks, and clients of them. */
final class StorageNet implements AutoCloseable {
  private static final int VALIDATORS = 4;
  private static final long WAIT_SECONDS = 60;

  /** Of a reader that asks nobody in the place of a partner that only takes its time. */
  static final Patience CALM =
      new Patience(Duration.ofSeconds(WAIT_SECONDS), Duration.ofSeconds(WAIT_SECONDS));

  final Path folder;
  final Testnet net;
  private final Map<Integer, PartnerNode> partners = new ConcurrentHashMap<>();
  private final List<Integer> ports;
  private final ConcurrentLinkedQueue<Throwable> fatal = new ConcurrentLinkedQueue<>();
  private final PartnerNode.Offer offer;
  final ShardTap tap = new ShardTap();
  private int clients;

  StorageNet(Path folder, int count, PartnerNode.Offer offer) throws Exception {
    this(folder, count, offer, Map.of());
  }

  StorageNet(Path folder, int count, PartnerNode.Offer offer, Map<String, Long> rules)
      throws Exception {
    this.folder = folder;
    this.offer = offer;
    this.net = new Testnet(folder.resolve("net"), VALIDATORS, rules).startAll();
    this.ports = FreePorts.choose(count); // the validators' are taken by now
    for (int i = 0; i < count; i++) {
      startPartner(i);
    }
  }

  /** Returns when the partner is subscribed at every validator. */
  PartnerNode startPartner(int number) throws Exception {
    return startPartner(number, offer);
  }

  PartnerNode startPartner(int number, PartnerNode.Offer own) throws Exception {
    CountDownLatch subscribed = new CountDownLatch(VALIDATORS);
    PartnerNode partner =
        PartnerNode.start(
            net.machinery(),
            new PartnerNode.Setting(
                "p" + number,
                dataOf(number),
                net.chain(),
                addressOf(number),
                Optional.empty(),
                own,
                net.clock(),
                List.of(notice -> {
                  if (notice instanceof PartnerNotice.Subscribed answer
                      && answer.code() == SubscribeCode.SUBSCRIBE_CODE_OK) {
                    subscribed.countDown();
                  }
                }),
                tap.of(number),
                fatal::add));
    partners.put(number, partner);
    if (!subscribed.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("partner " + number + " is not subscribed everywhere");
    }
    return partner;
  }

  Path dataOf(int number) {
    return folder.resolve("partner-" + number);
  }

  PartnerNode partner(int number) {
    return Optional.ofNullable(partners.get(number)).orElseThrow();
  }

  int numberOf(String address) {
    return numberOf(Address.parse(address).orElseThrow());
  }

  int numberOf(NodeId partner) {
    return partners.entrySet().stream()
        .filter(entry -> entry.getValue().id().equals(partner))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  void kill(int number) {
    partner(number).stop();
  }

  List<Route> routesOf(int number) {
    String address = "127.0.0.1:" + ports.get(number);
    return List.of(Route.newBuilder().setMedium("ip").setAddress(address).build());
  }

  InetSocketAddress addressOf(int number) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(number));
  }

  ClientNode client(Path home) throws Exception {
    return client(home, "ann");
  }

  ClientNode client(Path home, String name) throws Exception {
    return ClientNode.start(
        net.machinery(), new ClientNode.Setting(home, net.chain(), net.signer(name), net.clock()));
  }

  Path home() {
    return folder.resolve("client-" + clients++);
  }

  StoreJob.Stored store(Path file, StoreWish.Until until) throws Exception {
    return store(home(), file, until, Patience.USUAL, new JobProgress() {});
  }

  /** In this home, in which perhaps an earlier process began. */
  StoreJob.Stored store(
      Path home, Path file, StoreWish.Until until, Patience patience, JobProgress progress)
      throws Exception {
    try (ClientNode client = client(home);
        FileSource source = FileSource.open(file)) {
      StoreWish wish = new StoreWish(Optional.empty(), OptionalLong.empty(), until);
      return new StoreJob(client, new JobFolder(home), source, wish, patience, progress).run();
    }
  }

  GetJob.Restored get(String id, Path into) throws Exception {
    return get(id, into, Patience.USUAL);
  }

  GetJob.Restored get(String id, Path into, Patience patience) throws Exception {
    try (ClientNode client = client(home());
        var out = Files.newOutputStream(into)) {
      return new GetJob(client, patience, StorageProgress.NONE)
          .run(ObjectId.parse(id).orElseThrow(), out);
    }
  }

  /** Waits until no partner has a seat that runs. */
  void awaitNoSeats() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (partners.values().stream().anyMatch(partner -> partner.seats() > 0)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("seats run on");
      }
      Thread.sleep(20); // partners tell nobody when a seat is over
    }
  }

  List<Throwable> fatal() {
    return List.copyOf(fatal);
  }

  @Override
  public void close() {
    partners.values().forEach(PartnerNode::stop);
    net.close();
  }
}
