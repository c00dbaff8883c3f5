package org.undchain.node.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.undchain.fuzz.Door;

/** JSON texts: what is read is written and read again as the same value, in both ways. */
public final class JsonDoor implements Door {
  @Override
  public boolean enter(byte[] bytes) {
    Json value;
    try {
      value = Json.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (MalformedJson malformed) {
      return false;
    }
    Door.require(isSame(value, value.compact()), "a value changes on one line");
    Door.require(isSame(value, value.pretty()), "a value changes on many lines");
    return true;
  }

  private static boolean isSame(Json value, String text) {
    try {
      return Json.parse(text).equals(value);
    } catch (MalformedJson own) {
      throw new AssertionError("what was written cannot be read: " + text, own);
    }
  }

  @Override
  public List<byte[]> honest() {
    return List.of(
        bytes("{\"a\":[1,-2.5e10,\"\\u00e4\\n\\\"\",true,false,null,{}],\"b\":{\"c\":[]}}"),
        bytes("\"\ud83d\ude00\""),
        bytes(" [ 0 , -0 , 1E+2 ] "));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
