package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * A systematic Reed–Solomon code: K data pieces and N−K parity pieces, any K of which restore the
 * data.
 *
 * <p>Row i of the matrix is the unit row for i &lt; K and the Cauchy row 1/(i ⊕ j) above it. Every
 * square part of a Cauchy matrix is invertible, so every K rows are.
 */
public final class ErasureCode {
  /** More shards than this are refused: one request has at most 16 seats (R4.17a). */
  public static final int SHARDS_MAX = 16;

  private final int needed;
  private final int total;
  private final int[][] rows;

  /** The code that needs {@code needed} of {@code total} pieces. */
  public ErasureCode(int needed, int total) {
    if (needed < 1 || total < needed || total > SHARDS_MAX) {
      throw new IllegalArgumentException(
          "no code needs " + needed + " of " + total + "; at most " + SHARDS_MAX + " shards");
    }
    this.needed = needed;
    this.total = total;
    this.rows = new int[total][];
    for (int i = 0; i < total; i++) {
      rows[i] = row(i);
    }
  }

  public int needed() {
    return needed;
  }

  public int total() {
    return total;
  }

  /** Piece {@code index} of the segment whose K data pieces lie one after the other in data. */
  public byte[] piece(int index, byte[] data, int pieceSize) {
    if (index < needed) {
      return Arrays.copyOfRange(data, index * pieceSize, (index + 1) * pieceSize);
    }
    ByteBuffer[] pieces = new ByteBuffer[needed];
    for (int j = 0; j < needed; j++) {
      pieces[j] = ByteBuffer.wrap(data, j * pieceSize, pieceSize);
    }
    return new Combination(rows[index], pieces).bytes(pieceSize);
  }

  /** The data from any K pieces of equal size, keyed by index; more than K are not looked at. */
  public byte[] restore(SortedMap<Integer, byte[]> pieces, int pieceSize) {
    if (pieces.size() < needed) {
      throw new IllegalArgumentException(pieces.size() + " pieces, " + needed + " needed");
    }
    List<Integer> indexes = new ArrayList<>(pieces.keySet()).subList(0, needed);
    byte[] data = new byte[needed * pieceSize];
    int[][] inverse = inverse(indexes);
    for (int j = 0; j < needed; j++) {
      byte[] own = pieces.get(j);
      byte[] piece = own == null ? combined(inverse[j], indexes, pieces, pieceSize) : own;
      System.arraycopy(piece, 0, data, j * pieceSize, pieceSize);
    }
    return data;
  }

  private byte[] combined(
      int[] factors, List<Integer> indexes, SortedMap<Integer, byte[]> pieces, int pieceSize) {
    ByteBuffer[] from = new ByteBuffer[needed];
    for (int i = 0; i < needed; i++) {
      byte[] given = pieces.get(indexes.get(i));
      if (given == null) {
        throw new IllegalStateException("a piece went away while it was used");
      }
      from[i] = ByteBuffer.wrap(given);
    }
    return new Combination(factors, from).bytes(pieceSize);
  }

  private int[] row(int index) {
    int[] row = new int[needed];
    for (int j = 0; j < needed; j++) {
      row[j] = index < needed ? (index == j ? 1 : 0) : GaloisField.inverse(index ^ j);
    }
    return row;
  }

  /** The inverse of the chosen rows by Gauss–Jordan over the field. */
  private int[][] inverse(List<Integer> indexes) {
    int[][] work = new int[needed][2 * needed];
    for (int i = 0; i < needed; i++) {
      System.arraycopy(rows[indexes.get(i)], 0, work[i], 0, needed);
      work[i][needed + i] = 1;
    }
    for (int column = 0; column < needed; column++) {
      bringUpPivot(work, column);
      scale(work[column], GaloisField.inverse(work[column][column]));
      for (int i = 0; i < needed; i++) {
        if (i != column) {
          subtract(work[i], work[column], work[i][column]);
        }
      }
    }
    int[][] inverse = new int[needed][];
    for (int i = 0; i < needed; i++) {
      inverse[i] = Arrays.copyOfRange(work[i], needed, 2 * needed);
    }
    return inverse;
  }

  private static void bringUpPivot(int[][] work, int column) {
    int pivot = column;
    while (work[pivot][column] == 0) {
      pivot++;
    }
    int[] swapped = work[column];
    work[column] = work[pivot];
    work[pivot] = swapped;
  }

  private static void scale(int[] row, int factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] = GaloisField.multiply(row[i], factor);
    }
  }

  private static void subtract(int[] row, int[] other, int factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] ^= GaloisField.multiply(other[i], factor);
    }
  }
}
