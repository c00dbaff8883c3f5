package org.undchain.utilities.storage;

/** The field GF(2^8) with polynomial x^8+x^4+x^3+x^2+1, generator 2, by tables. */
final class GaloisField {
  private static final int POLYNOMIAL = 0x11d;
  private static final int SIZE = 256;
  private static final byte[][] PRODUCTS = products();

  private GaloisField() {}

  static int multiply(int a, int b) {
    return PRODUCTS[a][b] & 0xff;
  }

  static int inverse(int a) {
    for (int b = 1; b < SIZE; b++) {
      if (multiply(a, b) == 1) {
        return b;
      }
    }
    throw new ArithmeticException("zero has no inverse");
  }

  private static byte[][] products() {
    byte[][] products = new byte[SIZE][SIZE];
    for (int a = 0; a < SIZE; a++) {
      for (int b = 0; b < SIZE; b++) {
        products[a][b] = (byte) slowProduct(a, b);
      }
    }
    return products;
  }

  private static int slowProduct(int a, int b) {
    int product = 0;
    int shifted = a;
    for (int rest = b; rest != 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        product ^= shifted;
      }
      shifted <<= 1;
      if (shifted >= SIZE) {
        shifted ^= POLYNOMIAL;
      }
    }
    return product;
  }
}
