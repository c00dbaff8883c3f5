package org.undchain.sim.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.sim.explore.FixedFiles.Kind;
import org.undchain.sim.explore.Locals.Misstep;
import org.undchain.sim.explore.Locals.State;
import org.undchain.sim.explore.Moves.Move;

/**
 * Goes through all schedules of n validators at one height, round by round. In each phase every
 * honest validator makes one step, in every way that an adversary who holds the network, the
 * traitors and all proposals can bring about. Doing the phases in order loses nothing, since a step
 * depends, and monotonously, on votes of earlier phases only; and honest validators of one state
 * are not told apart.
 */
final class Explorer {
  private static final int ID_BITS = 16;
  private static final int IDS_PER_WORD = 4;

  private final Setup setup;
  private final int honest;
  private final int quorum;
  private final int valueCount;
  private final Locals locals;
  private final Moves moves;
  private final List<List<Pol>> polLists = new ArrayList<>();
  private final Map<List<Pol>, Integer> polNumbers = new HashMap<>();
  private final List<List<List<Integer>>> voteLists = new ArrayList<>();
  private final Map<List<List<Integer>>, Integer> voteNumbers = new HashMap<>();
  private final List<StateSet> depths = new ArrayList<>();
  private final long deadline;
  private long transitions;

  /**
   * What is explored.
   *
   * @param traitors how many of the n sign whatever they like
   * @param crashes how often an honest validator may die and come back with its log, in all
   */
  record Setup(int n, int traitors, int rounds, int values, int crashes, long limitMillis) {}

  /** A broken promise and how to get there. */
  record Finding(String what, List<String> schedule) {}

  /**
   * What came of it.
   *
   * @param depth phases gone through; two make a round
   */
  record Result(
      Setup setup,
      long states,
      long transitions,
      int localStates,
      long runs,
      int depth,
      long millis,
      Optional<Finding> finding) {
    boolean isComplete() {
      return depth == 2 * setup.rounds();
    }
  }

  /** Thrown through the search when something is found. */
  private static final class Found extends Exception {
    private static final long serialVersionUID = 1;
    final transient Finding finding;

    Found(Finding finding) {
      super(finding.what());
      this.finding = finding;
    }
  }

  /**
   * A global state, unpacked.
   *
   * @param pols number of the list of POLs that exist
   * @param votes number of the list of this round's prevotes, 0 before they are all given
   * @param decided bit of each value that somebody can have decided
   * @param ids states of the honest: first those that have not moved in this phase
   */
  private record Global(int pols, int votes, int decided, int crashes, int[] ids) {}

  private static final class OutOfTime extends Exception {
    private static final long serialVersionUID = 1;
  }

  private Explorer(Setup setup) {
    this.setup = setup;
    this.honest = setup.n() - setup.traitors();
    this.quorum = Committee.quorum(setup.n());
    this.valueCount = setup.values();
    Committee committee = new Committee(setup.n(), new Values(setup.values()));
    this.locals = new Locals(committee);
    this.moves = new Moves(committee, setup.traitors(), setup.crashes() > 0, locals);
    this.deadline = System.nanoTime() + setup.limitMillis() * 1_000_000;
  }

  static Result explore(Setup setup) {
    return new Explorer(setup).run();
  }

  private Result run() {
    long started = System.nanoTime();
    Optional<Finding> finding = Optional.empty();
    int turn = 0;
    try {
      numberOf(List.of());
      depths.add(begin());
      while (phase(turn) < 2 * setup.rounds()) {
        StateSet next = next(depths.getLast(), turn);
        depths.getLast().close();
        depths.add(next);
        turn++;
      }
    } catch (Found found) {
      finding = Optional.of(found.finding);
    } catch (OutOfTime late) {
      // what was gone through is told by the depth
    }
    return new Result(
        setup,
        depths.stream().mapToLong(StateSet::size).sum(),
        transitions,
        locals.size(),
        locals.runs(),
        phase(turn),
        (System.nanoTime() - started) / 1_000_000,
        finding);
  }

  private StateSet begin() {
    List<State> fresh = new ArrayList<>();
    for (int value = 0; value < valueCount; value++) {
      fresh.add(locals.fresh(new Kind(value, false)));
    }
    fresh.add(locals.fresh(new Kind(Values.WITH_J, true)));
    StateSet first = new StateSet(stride());
    deal(first, fresh, new int[honest], 0, 0);
    return first;
  }

  private void deal(StateSet into, List<State> fresh, int[] ids, int place, int least) {
    if (place == honest) {
      into.add(pack(new Global(number(List.of()), 0, 0, 0, ids)), -1);
      return;
    }
    for (int i = least; i < fresh.size(); i++) {
      ids[place] = fresh.get(i).id();
      deal(into, fresh, ids, place + 1, i);
    }
  }

  /** Lets the first of those that have not moved in this phase move in every way. */
  private StateSet next(StateSet from, int turn) throws Found, OutOfTime {
    StateSet into = new StateSet(stride());
    for (int index = 0; index < from.size(); index++) {
      if ((index & 63) == 0 && System.nanoTime() >= deadline) {
        throw new OutOfTime();
      }
      Global global = unpack(from.get(index));
      for (Move move : moves(global, turn)) {
        if (global.crashes() + move.crashes() <= setup.crashes()) {
          transitions++;
          Global after = after(global, move, turn);
          into.add(pack(after), index);
          if (after.decided() != global.decided()) {
            judge(after, index, turn);
          }
        }
      }
    }
    return into;
  }

  private int phase(int turn) {
    return turn / honest;
  }

  private boolean isPrevote(int turn) {
    return phase(turn) % 2 == 0;
  }

  private int round(int turn) {
    return phase(turn) / 2;
  }

  private List<Move> moves(Global global, int turn) throws Found {
    State from = locals.state(global.ids()[0]);
    List<Pol> pols = polLists.get(global.pols());
    try {
      return isPrevote(turn)
          ? moves.prevotes(from, round(turn), global.pols(), pols)
          : moves.precommits(from, round(turn), voteLists.get(global.votes()), global.pols(), pols);
    } catch (Misstep misstep) {
      throw new Found(
          new Finding(
              "an honest validator " + misstep.getMessage(),
              misstep.way.stream().map(step -> "v " + step).toList()));
    }
  }

  /** Who moved goes to the end; the last move of a phase is summed up. */
  private Global after(Global global, Move move, int turn) {
    int waiting = honest - 1 - turn % honest;
    int[] ids = new int[honest];
    System.arraycopy(global.ids(), 1, ids, 0, honest - 1);
    ids[honest - 1] = move.to().id();
    Arrays.sort(ids, waiting, honest);
    int crashes = global.crashes() + move.crashes();
    if (waiting > 0) {
      return new Global(global.pols(), global.votes(), global.decided(), crashes, ids);
    }
    List<Pol> pols = polLists.get(global.pols());
    if (isPrevote(turn)) {
      List<List<Integer>> votes = votes(ids);
      int all = number(withNewPols(pols, round(turn), votes));
      return new Global(all, numberOf(votes), global.decided(), crashes, ids);
    }
    int decided = global.decided() | decided(ids, round(turn), global.decided());
    int all = number(stillOfUse(withHeld(pols, round(turn), ids), ids));
    return new Global(all, 0, decided, crashes, ids);
  }

  /** For each value the POL rounds that its honest votes of this phase name, ascending. */
  private List<List<Integer>> votes(int[] ids) {
    List<List<Integer>> votes = new ArrayList<>();
    for (int value = 0; value < valueCount; value++) {
      int wanted = value;
      votes.add(
          Arrays.stream(ids)
              .mapToObj(id -> locals.state(id).vote())
              .flatMap(List::stream)
              .filter(vote -> vote.value() == wanted)
              .map(Replica.Ballot::polRound)
              .sorted()
              .toList());
    }
    return votes;
  }

  private List<Pol> withNewPols(List<Pol> pols, int round, List<List<Integer>> votes) {
    List<Pol> all = pols;
    for (int value = 0; value < valueCount; value++) {
      List<Integer> of = votes.get(value);
      int needed = quorum - setup.traitors();
      if (of.size() >= needed) {
        int named = needed <= 0 ? -1 : of.get(needed - 1);
        int wanted = value;
        Optional<Pol> earlier = pols.stream().filter(pol -> pol.isAbout(named, wanted)).findFirst();
        all = with(all, new Pol(round, value, earlier, quorum));
      }
    }
    return all;
  }

  /** What a validator took for a POL although it is none can be shown to others, too. */
  private List<Pol> withHeld(List<Pol> pols, int round, int[] ids) {
    List<Pol> all = pols;
    for (int value = 0; value < valueCount; value++) {
      Pol weak = new Pol(round, value, Optional.empty(), quorum - 1);
      int wanted = value;
      if (pols.stream().noneMatch(pol -> pol.isAbout(round, wanted))
          && Arrays.stream(ids).anyMatch(id -> locals.state(id).key().holds(weak))) {
        all = with(all, weak);
      }
    }
    return all;
  }

  /** Nobody needs to be shown a POL if there is a newer one for its value, except to vote by it. */
  private List<Pol> stillOfUse(List<Pol> pols, int[] ids) {
    return pols.stream()
        .filter(pol ->
            pols.stream().noneMatch(it -> it.value() == pol.value() && it.round() > pol.round())
                || Arrays.stream(ids)
                    .anyMatch(id -> locals.state(id).key().holdsExactly(pol.round(), pol.value())))
        .toList();
  }

  private static List<Pol> with(List<Pol> pols, Pol more) {
    List<Pol> all = new ArrayList<>(pols);
    all.add(more);
    return all;
  }

  /** The values that somebody decides when it gets all precommits of this round, as bits. */
  private int decided(int[] ids, int round, int before) {
    int found = 0;
    for (int value = 0; value < valueCount; value++) {
      int votes = 0;
      for (int id : ids) {
        votes += isFor(id, value) ? 1 : 0;
      }
      if ((before >> value & 1) == 0 && votes + setup.traitors() >= quorum - 1) {
        for (int id : ids) {
          if (locals.state(id).key().isStarted()
              && moves.decides(
                  locals.state(id), round, value, votes - (isFor(id, value) ? 1 : 0))) {
            found |= 1 << value;
            break;
          }
        }
      }
    }
    return found;
  }

  private boolean isFor(int id, int value) {
    return locals.state(id).key().vote() == value;
  }

  private void judge(Global after, int parent, int turn) throws Found {
    if (Integer.bitCount(after.decided()) > 1) {
      throw new Found(new Finding("two values are decided (S1)", schedule(after, parent, turn)));
    }
    long insisting =
        Arrays.stream(after.ids()).filter(id -> locals.state(id).key().insists()).count();
    int without = after.decided() & ~(1 << Values.WITH_J);
    if (setup.traitors() <= Committee.faulty(setup.n())
        && insisting > Committee.faulty(setup.n())
        && without != 0) {
      throw new Found(
          new Finding(
              "decided without the entry that " + insisting + " honest insist on (S5)",
              schedule(after, parent, turn)));
    }
  }

  // ---- the way to a finding -------------------------------------------------------------------

  private List<String> schedule(Global after, int parent, int lastTurn) throws Found {
    List<Global> path = new ArrayList<>(List.of(after));
    int index = parent;
    for (int turn = lastTurn; turn >= 0; turn--) {
      path.addFirst(unpack(depths.get(turn).get(index)));
      index = depths.get(turn).parent(index);
    }
    List<String> lines = new ArrayList<>();
    int[] now = path.getFirst().ids().clone();
    for (int who = 0; who < honest; who++) {
      lines.add("v" + who + " " + locals.state(now[who]).kind());
    }
    Set<Integer> moved = new TreeSet<>();
    for (int turn = 0; turn <= lastTurn; turn++) {
      if (turn % honest == 0) {
        moved.clear();
      }
      tell(path.get(turn), path.get(turn + 1), turn, now, moved, lines);
    }
    List<String> values = new ArrayList<>();
    for (int value = 0; value < valueCount; value++) {
      if ((after.decided() >> value & 1) != 0) {
        values.add(Values.name(value));
      }
    }
    lines.add("who gets all precommits for it decides: " + String.join(" and ", values));
    return lines;
  }

  /** Finds the move between two states and tells it of one who may have made it. */
  private void tell(
      Global from, Global to, int turn, int[] now, Set<Integer> moved, List<String> lines)
      throws Found {
    int who = 0;
    while (moved.contains(who) || now[who] != from.ids()[0]) {
      who++;
    }
    moved.add(who);
    for (Move move : moves(from, turn)) {
      if (Arrays.equals(pack(after(from, move, turn)), pack(to))) {
        for (Step step : move.steps()) {
          lines.add("v" + who + " " + step);
        }
        for (Replica.Ballot vote : move.to().vote()) {
          String by = vote.polRound() < 0 ? "" : " by POL " + vote.polRound();
          lines.add(
              "v"
                  + who
                  + (isPrevote(turn) ? " prevotes " : " precommits ")
                  + Values.name(vote.value())
                  + by);
        }
        now[who] = move.to().id();
        return;
      }
    }
    throw new IllegalStateException("no move leads from a state to the one found from it");
  }

  // ---- packing --------------------------------------------------------------------------------

  /** What the votes of a POL name makes no difference. */
  private int number(List<Pol> pols) {
    List<Pol> bare =
        pols.stream()
            .map(pol -> new Pol(pol.round(), pol.value(), Optional.empty(), pol.signatures()))
            .toList();
    return polNumbers.computeIfAbsent(
        bare,
        fresh -> {
          polLists.add(pols);
          return polLists.size() - 1;
        });
  }

  private int numberOf(List<List<Integer>> votes) {
    return voteNumbers.computeIfAbsent(
        votes,
        fresh -> {
          voteLists.add(fresh);
          return voteLists.size() - 1;
        });
  }

  private int stride() {
    return 2 + (honest + IDS_PER_WORD - 1) / IDS_PER_WORD;
  }

  private long[] pack(Global global) {
    long[] words = new long[stride()];
    words[0] = global.pols() | (long) global.votes() << 32;
    words[1] = global.decided() | (long) global.crashes() << 8;
    for (int place = 0; place < honest; place++) {
      if (global.ids()[place] >>> ID_BITS != 0) {
        throw new IllegalStateException("more than 65 536 states of one validator");
      }
      words[2 + place / IDS_PER_WORD] |=
          (long) global.ids()[place] << ID_BITS * (place % IDS_PER_WORD);
    }
    return words;
  }

  private Global unpack(long[] words) {
    int[] ids = new int[honest];
    for (int place = 0; place < honest; place++) {
      ids[place] =
          (int) (words[2 + place / IDS_PER_WORD] >>> ID_BITS * (place % IDS_PER_WORD))
              & (1 << ID_BITS) - 1;
    }
    return new Global(
        (int) words[0],
        (int) (words[0] >>> 32),
        (int) words[1] & 0xff,
        (int) (words[1] >>> 8) & 0xff,
        ids);
  }
}
