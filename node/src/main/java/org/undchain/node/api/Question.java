package org.undchain.node.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.value.Address;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The target of a request, taken apart: path segments and parameters. No id, number or name of this
 * API needs percent-encoding, so a percent sign is refused with every other letter that none of
 * them has.
 */
record Question(List<String> path, Map<String, String> parameters) {
  private static final String LETTERS = "[A-Za-z0-9/_.~=&?-]*";
  private static final int PARAMETERS_MAX = 8;

  static Question of(String target) throws Refused {
    if (!target.startsWith("/") || !target.matches(LETTERS)) {
      throw Refused.wrong(
          "that is no path of this API",
          "a path begins with / and has only letters, digits and _ . ~ - = & ?",
          "/v1/status");
    }
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    return new Question(
        List.of(path.substring(1).split("/", -1)),
        mark < 0 ? Map.of() : parameters(target.substring(mark + 1)));
  }

  private static Map<String, String> parameters(String query) throws Refused {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0 || pair.indexOf('=', equals + 1) >= 0 || pair.indexOf('?') >= 0) {
        throw Refused.wrong(
            "\"" + pair + "\" is no parameter", "parameters are name=value", "?last=10");
      }
      boolean isNew = parameters.put(pair.substring(0, equals), pair.substring(equals + 1)) == null;
      if (!isNew || parameters.size() > PARAMETERS_MAX) {
        throw Refused.wrong(
            "\"" + pair.substring(0, equals) + "\" stands twice or is one too many",
            "each parameter stands once",
            "leave it out");
      }
    }
    return parameters;
  }

  /** Refuses parameters other than these. */
  Question taking(String... names) throws Refused {
    List<String> others = new ArrayList<>(parameters.keySet());
    others.removeAll(Set.of(names));
    if (!others.isEmpty()) {
      throw Refused.wrong(
          "there is no parameter \"" + others.getFirst() + "\" here",
          names.length == 0 ? "this question takes none" : "it takes " + String.join(", ", names),
          "leave it out");
    }
    return this;
  }

  OptionalLong number(String name) throws Refused {
    String text = parameters.get(name);
    return text == null ? OptionalLong.empty() : OptionalLong.of(number(name, text));
  }

  /** A count from 1 to {@code most}. */
  OptionalInt count(String name, int most) throws Refused {
    OptionalLong value = number(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.getAsLong() < 1 || value.getAsLong() > most) {
      throw Refused.wrong(
          name + " is " + value.getAsLong(), "it goes from 1 to " + most, name + "=" + most);
    }
    return OptionalInt.of((int) value.getAsLong());
  }

  Optional<NodeId> account(String name) throws Refused {
    String text = parameters.get(name);
    return text == null ? Optional.empty() : Optional.of(account(name, text));
  }

  /** A whole number from 0 to 2^63 - 1 in its shortest form. */
  static long number(String name, String text) throws Refused {
    try {
      if (text.matches("0|[1-9][0-9]{0,18}")) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException beyond) {
      // told below
    }
    throw Refused.wrong(
        "\"" + text + "\" is no " + name,
        "a whole number from 0 to " + Long.MAX_VALUE + " is wanted, without leading zeros",
        "0");
  }

  /** An account by its address, or by the hex of its key. */
  static NodeId account(String name, String text) throws Refused {
    Optional<NodeId> id =
        text.matches("[0-9a-f]{64}") ? Optional.of(NodeId.ofHex(text)) : Address.parse(text);
    if (id.isEmpty()) {
      throw Refused.wrong(
          "\"" + text + "\" is no " + name,
          "accounts are und1… with a checksum that fits, or 64 hex digits",
          "undchain keys show");
    }
    return id.get();
  }

  static Hash hash(String text) throws Refused {
    if (!text.matches("[0-9a-f]{64}")) {
      throw Refused.wrong(
          "\"" + text + "\" is no id",
          "ids of jobs and entries are 64 hex digits, small letters",
          "/v1/jobs");
    }
    return Hash.ofHex(text);
  }
}
