package org.undchain.sim.explore;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Breach;
import org.undchain.core.consensus.Decision;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Validators that play one height with each other, round-synchronously: in each epoch they are
 * parted into groups, all messages arrive within a group and none beyond, then the timers fire in
 * order. A twin is a second machine under the key of another; both are real and honest, together
 * they are a traitor (Twins, OPODIS 2021).
 */
final class Table {
  private static final List<String> TIMERS =
      List.of("agree-recover", "agree-propose", "agree-prevote", "agree-precommit");
  private static final int MESSAGES_MAX = 20_000;

  private final Committee committee;
  private final List<Replica> players = new ArrayList<>();
  private final TreeSet<Integer> twins = new TreeSet<>();
  private final List<Map<String, TreeSet<String>>> seen = new ArrayList<>();
  private final List<List<Input>> logs = new ArrayList<>();
  private int messages;

  /** One machine: whose key, and which file. */
  record Seat(int member, FixedFiles.Kind kind, boolean isTwin) {}

  /** What happened to one machine: what to do with it to get it where it is. */
  sealed interface Input {
    record Done(Step step) implements Input {}

    record Received(NodeId from, Opened message) implements Input {}
  }

  Table(Committee committee, List<Seat> seats) {
    this(committee, seats, seats.stream().map(seat -> List.<Input>of()).toList());
  }

  /**
   * Goes on where some players are.
   *
   * @param logs what happened to each of them
   */
  Table(Committee committee, List<Seat> seats, List<List<Input>> logs) {
    this.committee = committee;
    for (int place = 0; place < seats.size(); place++) {
      Seat seat = seats.get(place);
      players.add(new Replica(committee, seat.member(), seat.kind()));
      seen.add(new TreeMap<>());
      this.logs.add(new ArrayList<>());
      for (Input input : logs.get(place)) {
        happen(place, input);
      }
      players.get(place).drain();
      if (seat.isTwin()) {
        twins.add(seat.member());
      }
    }
  }

  private void happen(int place, Input input) {
    logs.get(place).add(input);
    switch (input) {
      case Input.Done(Step step) -> players.get(place).apply(step);
      case Input.Received(NodeId from, Opened message) -> {
        players.get(place).receive(from, message);
        note(place, from, message);
        messages++;
      }
    }
  }

  /** Messages delivered so far. */
  int messages() {
    return messages;
  }

  /** What happened to a player. */
  List<Input> log(int place) {
    return List.copyOf(logs.get(place));
  }

  OptionalInt decided(int place) {
    return players.get(place).decided();
  }

  /**
   * Plays an epoch.
   *
   * @param groups of each player the number of its group
   */
  void epoch(int[] groups) {
    for (int place = 0; place < players.size(); place++) {
      boolean isFirst = logs.get(place).isEmpty();
      happen(place, new Input.Done(isFirst ? new Step.Start() : new Step.Timeout("agree-repeat")));
    }
    settle(groups);
    for (String timer : TIMERS) {
      for (int place = 0; place < players.size(); place++) {
        happen(place, new Input.Done(new Step.Timeout(timer)));
      }
      settle(groups);
    }
  }

  private record Post(int to, NodeId from, Opened message) {}

  private void settle(int[] groups) {
    Deque<Post> posts = new ArrayDeque<>();
    for (int place = 0; place < players.size(); place++) {
      Optional<Decision> decision = players.get(place).agreement().decision();
      int from = place;
      decision.ifPresent(
          it -> post(from, committee.unsigned(players.get(from).member(), it.qc()), groups, posts));
      collect(place, groups, posts);
    }
    int delivered = 0;
    while (!posts.isEmpty()) {
      Post post = posts.remove();
      happen(post.to(), new Input.Received(post.from(), post.message()));
      if (++delivered > MESSAGES_MAX) {
        throw new IllegalStateException("they never come to rest");
      }
      collect(post.to(), groups, posts);
    }
  }

  private void collect(int place, int[] groups, Deque<Post> posts) {
    for (Replica.Said said : players.get(place).drain()) {
      Opened opened = committee.open(said.message());
      for (NodeId to : said.to()) {
        post(place, committee.memberOf(to), opened, groups, posts);
      }
    }
  }

  private void post(int from, Envelope message, int[] groups, Deque<Post> posts) {
    Opened opened = committee.open(message);
    for (int member = 0; member < committee.n; member++) {
      post(from, member, opened, groups, posts);
    }
  }

  private void post(int from, int member, Opened message, int[] groups, Deque<Post> posts) {
    for (int to = 0; to < players.size(); to++) {
      if (players.get(to).member() == member
          && players.get(from).member() != member
          && groups[to] == groups[from]) {
        posts.add(new Post(to, committee.id(players.get(from).member()), message));
      }
    }
  }

  /** What an honest player did that none does. */
  Optional<String> misstep() {
    return honest().stream()
        .flatMap(player -> player.breach().stream())
        .findFirst()
        .map(what -> "an honest validator " + what);
  }

  /** What is broken, if anything. */
  Optional<String> breach() {
    if (misstep().isPresent()) {
      return misstep();
    }
    TreeSet<Integer> decided = new TreeSet<>();
    int insisting = 0;
    for (Replica player : honest()) {
      player.decided().ifPresent(decided::add);
      insisting += player.insists() ? 1 : 0;
      for (Breach breach : player.agreement().breaches()) {
        if (!twins.contains(committee.memberOf(breach.offender()))) {
          return Optional.of("an honest validator is convicted of E" + breach.code() + " (S15)");
        }
      }
    }
    if (decided.size() > 1) {
      return Optional.of("two values are decided (S1)");
    }
    boolean isLeftOut = !decided.isEmpty() && decided.first() != Values.WITH_J;
    return isLeftOut && insisting > Committee.faulty(committee.n)
        ? Optional.of("decided without the entry that " + insisting + " honest insist on (S5)")
        : Optional.empty();
  }

  boolean isOver() {
    return honest().stream().allMatch(player -> player.decided().isPresent());
  }

  private List<Replica> honest() {
    return players.stream().filter(player -> !twins.contains(player.member())).toList();
  }

  // ---- what decides the future ----------------------------------------------------------------

  /** Votes for values are remembered for ever, all else as long as it is said again (R4.28). */
  private void note(int place, NodeId from, Opened message) {
    WireMessage body = message.body();
    Map<String, TreeSet<String>> notes = seen.get(place);
    if (body.hasVote()) {
      Vote vote = body.getVote();
      String at = vote.getRound() + (vote.getValue().isEmpty() ? "n" : "v");
      notes
          .computeIfAbsent(at, fresh -> new TreeSet<>())
          .add(
              vote.getType().getNumber()
                  + "/"
                  + committee.memberOf(message.signer())
                  + "/"
                  + committee.values.of(Hash.of(paddedValue(vote)))
                  + "/"
                  + vote.getPolRoundPlusOne());
    } else if (body.hasProposal()) {
      notes
          .computeIfAbsent(body.getProposal().getRound() + "n", fresh -> new TreeSet<>())
          .add("offer " + message.id().hex());
    } else if (body.hasRecon() && body.getRecon().hasInsist()) {
      notes
          .computeIfAbsent(body.getRecon().getInsist().getRound() + "n", fresh -> new TreeSet<>())
          .add("insist " + committee.memberOf(from));
    }
  }

  /** Prevotes of a round that was left matter until there is the POL of that round. */
  private static TreeSet<String> stillOpen(int round, TreeSet<String> notes, Agreement agreement) {
    boolean hasPol = agreement.pols().stream().anyMatch(pol -> pol.getRound() == round);
    TreeSet<String> open = new TreeSet<>(notes);
    open.removeIf(note -> hasPol && note.startsWith(VoteType.VOTE_TYPE_PREVOTE_VALUE + "/"));
    return open;
  }

  private static ByteString paddedValue(Vote vote) {
    return vote.getValue().isEmpty() ? Hash.ZERO.toByteString() : vote.getValue();
  }

  /** Two players of one state have one future: all that rules still look at stands in it. */
  List<Object> state(int place) {
    Replica player = players.get(place);
    Agreement agreement = player.agreement();
    int round = agreement.round();
    OptionalInt decided = player.decided();
    if (decided.isPresent()) {
      return List.of(round, agreement.isMute(), decided.getAsInt());
    }
    Map<String, TreeSet<String>> open = new TreeMap<>();
    seen.get(place)
        .forEach((at, notes) -> {
          int of = Integer.parseInt(at.substring(0, at.length() - 1));
          if (of >= round - 1) {
            open.put(at, notes);
          } else if (at.endsWith("v")) {
            open.put(at, stillOpen(of, notes, agreement));
          }
        });
    return List.of(
        round,
        agreement.isMute(),
        agreement.standing(),
        player.votesFrom(round),
        open,
        agreement.pols().stream().map(pol -> List.of(pol.getRound(), pol.getValue())).toList());
  }
}
