package org.undchain.node.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @Test
  void whatIsWrittenReadsBackTheSame() throws Exception {
    for (long seed = 0; seed < 300; seed++) {
      Json value = any(new Random(seed), 0);
      assertThat(Json.parse(value.compact())).as("seed " + seed).isEqualTo(value);
      assertThat(Json.parse(value.pretty())).as("seed " + seed).isEqualTo(value);
    }
  }

  @Test
  void integersOfSixtyFourBitsAreStringsAndAreReadFromBoth() throws Exception {
    assertThat(
            Json.object().putInt64("height", Long.MAX_VALUE).putInt("round", 2).build().compact())
        .isEqualTo("{\"height\":\"9223372036854775807\",\"round\":2}");
    Json.Obj read =
        (Json.Obj) Json.parse("{\"a\":\"7\",\"b\":8,\"c\":\"x\",\"d\":9223372036854775808}");
    assertThat(read.integer("a")).contains(7L);
    assertThat(read.integer("b")).contains(8L);
    assertThat(read.integer("c")).isEmpty();
    assertThat(read.integer("d")).isEmpty();
    assertThat(read.integer("absent")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "01",
        "1.",
        "-",
        "nul",
        "\"\\x\"",
        "\"a\nb\"",
        "1 2",
        "\"\\u00g0\"",
        "\"open",
        "{a:1}",
        "[1 2]",
        "+1",
        "1e",
        "'a'"
      })
  void textThatIsNoJsonIsRefusedWithItsOffset(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(MalformedJson.class)
        .hasMessageContaining("at character");
  }

  @Test
  void nestingIsBounded() throws Exception {
    int deep = JsonReader.DEPTH_MAX;
    assertThat(Json.parse("[".repeat(deep) + "]".repeat(deep))).isNotNull();
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(MalformedJson.class);
  }

  private static Json any(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> new Json.Str(text(random));
      case 1 -> new Json.Num(Integer.toString(random.nextInt()));
      case 2 -> new Json.Bool(random.nextBoolean());
      case 3 -> new Json.Null();
      case 4 -> {
        List<Json> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(any(random, depth + 1));
        }
        yield Json.array(elements);
      }
      default -> {
        Json.Builder object = Json.object();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.put(i + text(random), any(random, depth + 1));
        }
        yield object.build();
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(
          (char) (random.nextInt(4) == 0 ? random.nextInt(0xd800) : 32 + random.nextInt(95)));
    }
    return text.toString();
  }
}
