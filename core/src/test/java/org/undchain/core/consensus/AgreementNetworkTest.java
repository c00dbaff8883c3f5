package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.value.Hash;

/** Agreement, inclusion and termination of n validators in random schedules (section 4.6). */
class AgreementNetworkTest {
  private static final int[] SIZES = {1, 2, 3, 4, 5, 6, 7, 9, 10};

  @Test
  @Tag("R4.21")
  void equalFilesAreDecidedAfterExactlyTwoMessageDelays() {
    for (int n : SIZES) {
      Net net = new Net(n, 1);
      net.delayMin = 50;
      net.delayMax = 50;
      int silent = net.committee.set.faulty();
      for (int member = 0; member < n - silent; member++) {
        net.add(member, new ToyFiles().with("a", "b"));
      }
      net.honest.values().forEach(Net.Node::start);
      net.run(60_000);
      assertThat(net.honest.values())
          .allMatch(node -> node.decidedAt == (n == 1 ? 0 : 100))
          .allMatch(node -> node.agreement.round() == 0);
      net.check();
    }
  }

  @Test
  @Tag("R4.22")
  void differentFilesAreDecidedInALaterRoundAsTheirUnion() {
    Seeds.forEach(
        60,
        seed -> {
          Net net = new Net(SIZES[(int) (seed % SIZES.length)], seed);
          TreeSet<Hash> all = new TreeSet<>();
          for (int member = 0; member < net.committee.n; member++) {
            ToyFiles files = new ToyFiles().with("a", "only-" + member);
            all.addAll(files.ids);
            net.add(member, files);
          }
          hideForeignContents(net);
          startAll(net, 100);
          net.run(60_000);
          assertThat(net.isDone()).isTrue();
          net.check();
          assertThat(net.honest.firstEntry().getValue().agreement.decision())
              .hasValueSatisfying(
                  decision -> assertThat(decision.candidate().ids()).containsAll(all));
        });
  }

  @Test
  @Tag("R4.28")
  void afterLossAndDelayTheHeightIsDecidedAndNothingPromisedIsLost() {
    Seeds.forEach(120, seed -> asynchronous(seed, false, false));
  }

  @Test
  @Tag("R4.24a")
  void traitorsNeitherSplitNorStopTheHeight() {
    Seeds.forEach(250, seed -> asynchronous(seed, true, false));
  }

  @Test
  @Tag("R4.40")
  void crashesWithTheLogKeptNeitherSplitNorStopTheHeight() {
    Seeds.forEach(250, seed -> asynchronous(seed, true, true));
  }

  /** Lossy and slow until GST, then sound; f traitors or f silent. */
  private static void asynchronous(long seed, boolean traitors, boolean crashes) {
    int n = SIZES[(int) (seed % SIZES.length)];
    Net net = new Net(n, seed);
    net.gst = net.random.nextLong(0, 6000);
    net.lossBeforeGst = net.random.nextDouble() * 0.5;
    int faulty = net.committee.set.faulty();
    TreeSet<Integer> bad = new TreeSet<>();
    while (bad.size() < faulty) {
      bad.add(net.random.nextInt(n));
    }
    List<Candidate> values = new ArrayList<>();
    for (int member = 0; member < n; member++) {
      if (!bad.contains(member)) {
        ToyFiles files = files(net);
        net.add(member, files);
        values.add(files.own());
      }
    }
    values.add(ToyFiles.file("a", "b", "c", "d", "traitor"));
    values.add(ToyFiles.file("traitor"));
    if (traitors) {
      bad.forEach(member -> net.traitors.add(new Traitor(net, member, values)));
    }
    hideForeignContents(net);
    startAll(net, net.random.nextLong(1, 1500));
    if (crashes) {
      net.honest.values().forEach(node -> crashSometimes(net, node));
    }
    net.run(net.gst + 200_000);
    net.check();
    assertThat(net.isDone()).as("decided by all honest: " + net.honest.values()).isTrue();
  }

  private static ToyFiles files(Net net) {
    ToyFiles files = new ToyFiles();
    for (String name : List.of("a", "b", "c", "d")) {
      if (net.random.nextInt(4) != 0) {
        files.with(name);
      }
    }
    files.wantsSkip = files.ids.isEmpty() && net.random.nextBoolean();
    return files;
  }

  private static void crashSometimes(Net net, Net.Node node) {
    for (int times = net.random.nextInt(3); times > 0; times--) {
      long down = net.random.nextLong(0, 8000);
      net.at(down, node::crash);
      net.at(down + net.random.nextLong(1, 2000), node::restart);
    }
  }

  private static void startAll(Net net, long spread) {
    net.honest
        .values()
        .forEach(node ->
            net.at(
                net.random.nextLong(0, spread),
                () -> {
                  if (node.isUp && node.startedAt < 0) {
                    node.start();
                  } else if (node.startedAt < 0) {
                    node.startedAt = net.now;
                  }
                }));
  }

  /** Nobody holds at first what only others have in their files. */
  private static void hideForeignContents(Net net) {
    TreeSet<Hash> all = new TreeSet<>();
    net.honest.values().forEach(node -> all.addAll(node.files.ids));
    all.add(ToyFiles.entry("traitor"));
    for (Net.Node node : net.honest.values()) {
      node.files.hidden.addAll(all);
      node.files.hidden.removeAll(node.files.ids);
      if (!net.traitors.isEmpty()) {
        node.files.hidden.remove(ToyFiles.entry("traitor"));
      }
    }
  }
}
