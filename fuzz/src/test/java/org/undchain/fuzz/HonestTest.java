package org.undchain.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No door is green because nothing gets in: each takes what honest people send. */
class HonestTest {
  static List<Doors.Named> doors() {
    return Doors.ALL;
  }

  @ParameterizedTest
  @MethodSource("doors")
  void whatHonestPeopleSendIsTaken(Doors.Named named) throws Exception {
    Door door = named.open();
    assertThat(door.honest()).isNotEmpty();
    int at = 0;
    for (byte[] honest : door.honest()) {
      assertThat(Allocation.enter(door, honest)).as("%s, honest %d", named.name(), at++).isTrue();
    }
  }
}
