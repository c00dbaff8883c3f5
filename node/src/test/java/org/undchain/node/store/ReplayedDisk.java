package org.undchain.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.undchain.node.store.DiskTrace.Event.Changed;

/**
 * A disk as a trace tells it: what programs see of it now, and what a power cut would leave. By
 * POSIX a file's bytes are durable when the file was synced, and a name when its folder was.
 */
final class ReplayedDisk {
  private final String root;
  private final Map<Long, Node> byInode = new HashMap<>();
  private final TreeMap<String, Node> names = new TreeMap<>();
  private final TreeMap<String, Node> durableNames = new TreeMap<>();

  /** What is left of what was not synced. */
  enum Left {
    /** Everything, as after kill -9. */
    ALL,
    /** Nothing. */
    NOTHING,
    /** Names, as on file systems that keep a journal of these. */
    NAMES,
    /** Names and sizes; the bytes are zero. */
    SIZES,
    /** Of each file a beginning of what was written, the last piece torn; all names or none. */
    SOME
  }

  /** What a sync does that lies. */
  enum Lie {
    /** Nothing; the next honest one makes up for it. */
    LATE,
    /** What it should have written is never written: nobody knows any more that it has to be. */
    LOST
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes of a trace, never compared
  private record Piece(long at, byte[] bytes) {}

  private static final class Node {
    private final boolean isFolder;
    private byte[] now = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Piece> pending = new ArrayList<>();

    Node(boolean isFolder) {
      this.isFolder = isFolder;
    }

    void write(Piece piece) {
      now = with(now, piece, piece.bytes().length);
      pending.add(piece);
    }

    void resize(int length) {
      now = Arrays.copyOf(now, length);
      pending.add(new Piece(length, new byte[0]));
    }

    void sync() {
      durable = now.clone();
      pending.clear();
    }

    /** The size is kept, what was written since the last sync is zero for good. */
    void lose() {
      byte[] lost = Arrays.copyOf(durable, now.length);
      now = lost;
      durable = lost.clone();
      pending.clear();
    }

    byte[] some(SplittableRandom random) {
      byte[] content = durable.clone();
      int count = random.nextInt(pending.size() + 1);
      for (int i = 0; i < count; i++) {
        Piece piece = pending.get(i);
        boolean isLast = i == count - 1;
        int length = piece.bytes().length;
        content = with(content, piece, isLast ? random.nextInt(length + 1) : length);
      }
      return content;
    }

    private static byte[] with(byte[] content, Piece piece, int length) {
      int at = (int) piece.at();
      if (piece.bytes().length == 0) {
        return Arrays.copyOf(content, at);
      }
      byte[] changed = Arrays.copyOf(content, Math.max(content.length, at + length));
      System.arraycopy(piece.bytes(), 0, changed, at, length);
      return changed;
    }
  }

  /**
   * @param root a folder that is there and durable
   */
  ReplayedDisk(Path root) {
    this.root = root.toString();
  }

  void apply(Changed change) {
    switch (change.call()) {
      case CREATE -> {
        Node made = new Node(false);
        byInode.put(change.inode(), made);
        names.put(change.path(), made);
      }
      case MKDIR -> names.put(change.path(), new Node(true));
      case RENAME -> {
        Node moved = names.remove(change.path());
        if (moved != null) { // null: a file that is not written by calls, such as RocksDB's LOG
          names.put(change.other(), moved);
        }
      }
      case LINK ->
          Optional.ofNullable(names.get(change.path()))
              .ifPresent(node -> names.put(change.other(), node));
      case UNLINK -> names.remove(change.path());
      case WRITE -> node(change).write(new Piece(change.number(), change.bytes()));
      case TRUNCATE -> node(change).resize((int) change.number());
      case ALLOCATE -> {
        if (change.number() > node(change).now.length) {
          node(change).resize((int) change.number());
        }
      }
      case SYNC -> sync(change);
      case OPEN, READ, STAT -> throw new IllegalArgumentException(change.toString());
    }
  }

  private void sync(Changed change) {
    if (change.number() == 0) {
      node(change).sync();
      return;
    }
    durableNames.keySet().removeIf(path -> isIn(path, change.path()));
    names.forEach((path, node) -> {
      if (isIn(path, change.path())) {
        durableNames.put(path, node);
      }
    });
  }

  /** A sync that lies. */
  void lie(Changed change, Lie how) {
    if (how == Lie.LOST && change.number() == 0) {
      node(change).lose();
    }
  }

  private static boolean isIn(String path, String folder) {
    return path.lastIndexOf('/') == folder.length() && path.startsWith(folder);
  }

  private Node node(Changed change) {
    Node node = byInode.get(change.inode());
    if (node == null) {
      throw new IllegalStateException("a file that nobody made: " + change.path());
    }
    return node;
  }

  /** Writes to an empty place what a power cut leaves now. */
  void cut(Left left, SplittableRandom random, Path to) throws IOException {
    Files.createDirectories(to);
    TreeMap<String, Node> kept =
        switch (left) {
          case ALL, NAMES, SIZES -> names;
          case NOTHING -> durableNames;
          case SOME -> random.nextBoolean() ? names : durableNames;
        };
    for (Map.Entry<String, Node> entry : kept.entrySet()) { // a folder comes before what is in it
      Path place = to.resolve(entry.getKey().substring(root.length() + 1));
      if (!Files.isDirectory(Optional.ofNullable(place.getParent()).orElse(to))) {
        continue; // the folder's own name is lost
      }
      Node node = entry.getValue();
      if (node.isFolder) {
        Files.createDirectory(place);
      } else {
        Files.write(
            place,
            switch (left) {
              case ALL -> node.now;
              case NOTHING, NAMES -> node.durable;
              case SIZES -> Arrays.copyOf(node.durable, node.now.length);
              case SOME -> node.some(random);
            });
      }
    }
  }
}
