package org.undchain.core.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressTest {

  @Test
  void anAddressReadsBackToItsIdentity() {
    for (long seed = 0; seed < 500; seed++) {
      NodeId id = id(seed);
      String address = Address.of(id);
      assertThat(address).as("seed " + seed).hasSize(62).startsWith("und1");
      assertThat(Address.parse(address)).as("seed " + seed).contains(id);
      assertThat(Address.parse(address.toUpperCase(Locale.ROOT))).as("seed " + seed).contains(id);
    }
  }

  @Test
  void anyWrongLetterAndAnyExchangeOfNeighboursIsNoticed() {
    String address = Address.of(id(7));
    for (int i = 0; i < address.length(); i++) {
      for (char c : "qpzry9x8gf2tvdw0s3jn54khce6mua7lb1io-".toCharArray()) {
        if (c != address.charAt(i)) {
          String wrong = address.substring(0, i) + c + address.substring(i + 1);
          assertThat(Address.parse(wrong)).as(wrong).isEmpty();
        }
      }
      if (i > 0 && address.charAt(i) != address.charAt(i - 1)) {
        String swapped =
            address.substring(0, i - 1)
                + address.charAt(i)
                + address.charAt(i - 1)
                + address.substring(i + 1);
        assertThat(Address.parse(swapped)).as(swapped).isEmpty();
      }
    }
  }

  @Test
  void textOfAnotherFormIsNoAddress() {
    String address = Address.of(id(1));
    assertThat(Address.parse("")).isEmpty();
    assertThat(Address.parse(address.substring(1))).isEmpty();
    assertThat(Address.parse(address + "q")).isEmpty();
    assertThat(Address.parse("und1")).isEmpty();
    assertThat(
            Address.parse(
                address.substring(0, 10).toUpperCase(Locale.ROOT) + address.substring(10)))
        .isEmpty();
  }

  /** Computed by another program, which also accepted the valid strings of BIP 350. */
  @Test
  void theAddressOfTheZeroKeyIsFixed() {
    assertThat(Address.of(new NodeId(Bytes.wrap(new byte[32]))))
        .isEqualTo("und1" + "q".repeat(52) + "rpkxak");
  }

  private static NodeId id(long seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return new NodeId(Bytes.wrap(bytes));
  }
}
