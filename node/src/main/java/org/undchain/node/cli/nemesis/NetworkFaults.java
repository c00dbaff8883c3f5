package org.undchain.node.cli.nemesis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.undchain.node.cli.nemesis.relay.Condition;
import org.undchain.node.cli.nemesis.relay.Links;
import org.undchain.node.cli.nemesis.relay.Links.Link;
import org.undchain.node.cli.nemesis.relay.Relay;
import org.undchain.node.devnet.DevnetNode;

/** What is done to the network between the processes. */
final class NetworkFaults {
  private static final int DELAY_MILLIS_MAX = 60;
  private static final int JITTER_MILLIS_MAX = 60;
  private static final int LOSS_PER_MILLE_MAX = 30;
  private static final int GARBLE_PER_MILLE = 50;
  private static final int NARROW_MIN = 8 << 10;
  private static final int NARROW_MAX = 32 << 10;
  private static final int FLAP_MILLIS_MIN = 100;
  private static final int FLAP_MILLIS_MAX = 3000;
  private static final int RESET_MILLIS_MIN = 50;
  private static final int RESET_MILLIS_MAX = 500;

  private final Wiring wiring;
  private final Links links;
  private final Relay relay;

  NetworkFaults(Wiring wiring, Links links, Relay relay) {
    this.wiring = wiring;
    this.links = links;
    this.relay = relay;
  }

  Fault of(Step step) {
    Random random = new Random(step.salt());
    List<String> victims = step.victims().stream().map(DevnetNode::name).toList();
    String first = victims.getFirst();
    return switch (step.type()) {
      case ISOLATE, PARTITION ->
          conditioned(
              link -> victims.contains(link.from()) != victims.contains(link.to()), Condition.CUT);
      case HALVES -> {
        List<String> half = half(victims, random);
        yield conditioned(
            link -> half.contains(link.from()) != half.contains(link.to()), Condition.CUT);
      }
      case ONE_WAY ->
          conditioned(
              random.nextBoolean()
                  ? link -> link.from().equals(first)
                  : link -> link.to().equals(first),
              Condition.CUT);
      case FLAPPING -> flapping(link -> victims.stream().anyMatch(link::touches), random);
      case LOSS ->
          conditioned(link -> true, Condition.lossy(1 + random.nextInt(LOSS_PER_MILLE_MAX)));
      case DELAY ->
          conditioned(
              link -> true,
              Condition.delayed(
                  1 + random.nextInt(DELAY_MILLIS_MAX), 1 + random.nextInt(JITTER_MILLIS_MAX)));
      case NARROW ->
          conditioned(
              link -> link.touches(first),
              Condition.narrow(random.nextInt(NARROW_MIN, NARROW_MAX)));
      case GARBLE -> conditioned(link -> link.touches(first), Condition.garbling(GARBLE_PER_MILLE));
      case RESETS -> resets(random);
      default -> throw new IllegalArgumentException(step.words());
    };
  }

  /** The clients are with the first half. */
  private static List<String> half(List<String> all, Random random) {
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    List<String> half = new ArrayList<>(shuffled.subList(0, all.size() / 2));
    half.add(Fleet.CLIENTS);
    return half;
  }

  private Fault conditioned(Predicate<Link> which, Condition condition) {
    List<Link> chosen = wiring.links().stream().filter(which).toList();
    return new Fault() {
      @Override
      public void begin() {
        links.set(chosen, condition);
      }

      @Override
      public void end() {
        links.heal(chosen);
      }
    };
  }

  private Fault flapping(Predicate<Link> which, Random random) {
    List<Link> chosen = wiring.links().stream().filter(which).toList();
    return new Repeated(
        () -> {
          links.set(chosen, Condition.CUT);
          Thread.sleep(random.nextInt(FLAP_MILLIS_MIN, FLAP_MILLIS_MAX));
          links.heal(chosen);
          Thread.sleep(random.nextInt(FLAP_MILLIS_MIN, FLAP_MILLIS_MAX));
        },
        () -> links.heal(chosen));
  }

  private Fault resets(Random random) {
    List<Link> all = wiring.links();
    return new Repeated(
        () -> {
          Link chosen = all.get(random.nextInt(all.size()));
          relay.reset(chosen::equals);
          Thread.sleep(random.nextInt(RESET_MILLIS_MIN, RESET_MILLIS_MAX));
        },
        () -> {});
  }

  /** Something that is done over and over while a fault lasts. */
  private static final class Repeated implements Fault {
    private final Thread thread;
    private final Runnable last;

    interface Work {
      void once() throws InterruptedException;
    }

    Repeated(Work work, Runnable last) {
      this.last = last;
      this.thread =
          Thread.ofPlatform()
              .daemon()
              .name("nemesis-network")
              .unstarted(() -> {
                try {
                  while (true) {
                    work.once();
                  }
                } catch (InterruptedException over) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public void begin() {
      thread.start();
    }

    @Override
    public void end() throws InterruptedException {
      thread.interrupt();
      thread.join();
      last.run();
    }
  }
}
