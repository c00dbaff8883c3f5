package org.undchain.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.message.WireMessage.MessageCase;

/**
 * A new message does not pass until every role says what it does with it: the switch at a role's
 * door names each message of the registry, and has no default. (That such a switch is complete is
 * an error of the compiler; that it stays one is what this test holds.)
 */
class RegistryTest {
  private static final Pattern SWITCH =
      Pattern.compile("switch \\(message\\.body\\(\\)\\.getMessageCase\\(\\)\\) \\{");

  @ParameterizedTest
  @ValueSource(strings = {"validator/Validator", "client/ClientAgent", "partner/PartnerAgent"})
  void theDoorOfEachRoleNamesEveryMessageAndHasNoDefault(String role) throws IOException {
    Path source = Path.of("src/main/java/org/undchain/core", role + ".java");
    String door = switches(Files.readString(source)).getFirst();
    assertThat(door).doesNotContain("default");
    for (MessageCase message : MessageCase.values()) {
      assertThat(door).containsPattern("\\b" + message.name() + "\\b");
    }
  }

  /** The bodies of the switches over message types, in order; the first is the door. */
  private static List<String> switches(String source) {
    List<String> bodies = new ArrayList<>();
    Matcher start = SWITCH.matcher(source);
    while (start.find()) {
      int depth = 1;
      int at = start.end();
      while (depth > 0) {
        char c = source.charAt(at++);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      }
      bodies.add(source.substring(start.end(), at));
    }
    return bodies;
  }
}
