package org.undchain.node.cli.nemesis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can happen to real processes, their network, disks and clocks. */
enum FaultType {
  KILL_ONE(Breadth.ONE, Place.PROCESS, "kill -9 of one"),
  KILL_F(Breadth.F, Place.PROCESS, "kill -9 of f at one moment"),
  KILL_TWICE(Breadth.F, Place.PROCESS, "kill -9 of f, and again while they recover"),
  KILL_ALL(Breadth.ALL, Place.PROCESS, "kill -9 of all at one moment"),
  KILL_STORM(Breadth.ALL, Place.PROCESS, "kill -9 of all, again and again while they recover"),
  TERMINATE(Breadth.ONE, Place.PROCESS, "one is told to end and started again"),
  PAUSE_ONE(Breadth.ONE, Place.PROCESS, "one is stopped (SIGSTOP) for longer than a slot"),
  PAUSE_F(Breadth.F, Place.PROCESS, "f are stopped for longer than a slot"),
  PAUSE_ALL(Breadth.ALL, Place.PROCESS, "all are stopped for longer than a slot"),
  SECOND_PROCESS(Breadth.ONE, Place.PROCESS, "a second process starts on the same folder"),

  ISOLATE(Breadth.ONE, Place.NETWORK, "one is cut off"),
  PARTITION(Breadth.F, Place.NETWORK, "f together are cut off from the others"),
  HALVES(Breadth.ALL, Place.NETWORK, "two groups, neither of which is a quorum"),
  ONE_WAY(Breadth.ONE, Place.NETWORK, "one is heard by nobody, or hears nobody"),
  FLAPPING(Breadth.F, Place.NETWORK, "the links of f are cut and mended all the time"),
  LOSS(Breadth.NOBODY, Place.NETWORK, "pieces are lost on all links and sent again"),
  RESETS(Breadth.NOBODY, Place.NETWORK, "connections of all are reset all the time"),
  DELAY(Breadth.NOBODY, Place.NETWORK, "all links are slow, each piece otherwise"),
  NARROW(Breadth.ONE, Place.NETWORK, "the links of one have little bandwidth"),
  GARBLE(Breadth.ONE, Place.NETWORK, "bits flip on the links of one"),

  CLOCK(Breadth.ONE, Place.CLOCK, "one starts with a wall clock that is wrong"),

  LOST_STORE(Breadth.ONE, Place.DISK, "one loses its database"),
  LOST_GUARD(Breadth.ONE, Place.DISK, "one loses its signing guard"),
  ROTTEN_STORE(Breadth.ONE, Place.DISK, "bits flip in the database of one"),
  ROTTEN_GUARD(Breadth.ONE, Place.DISK, "a bit flips in the signing guard of one"),
  OLD_STORE(Breadth.ONE, Place.DISK, "the database of one comes back from a backup"),
  OLD_FOLDER(Breadth.ONE, Place.DISK, "the whole folder of one comes back from a backup"),
  FULL_DISK(Breadth.ONE, Place.DISK, "the disk of one is full (a small tmpfs; as root)"),
  DISK_ERROR(Breadth.ONE, Place.DISK, "calls on the disk of one fail (EIO, ENOSPC; needs cc)"),
  DISK_SLOW(Breadth.ONE, Place.DISK, "every sync of the disk of one takes long (needs cc)");

  private final Breadth breadth;
  private final Place place;
  private final String help;

  FaultType(Breadth breadth, Place place, String help) {
    this.breadth = breadth;
    this.place = place;
    this.help = help;
  }

  /** Whom it is done to. */
  enum Breadth {
    /** All live with it and go on. */
    NOBODY,
    ONE,
    /** As many as may fail. */
    F,
    /** The chain may stand still while it lasts. */
    ALL
  }

  /** What carries it out. */
  enum Place {
    PROCESS,
    NETWORK,
    CLOCK,
    DISK
  }

  Breadth breadth() {
    return breadth;
  }

  Place place() {
    return place;
  }

  String help() {
    return help;
  }

  /** As the command line says it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<FaultType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
  }

  boolean isKill() {
    return name().startsWith("KILL");
  }
}
