package org.undchain.node.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON value. Integers of 64 bits are strings, as in proto3's JSON mapping, since most readers
 * keep numbers as doubles; a {@link Num} is for what fits 32 bits. Fields keep the order in which
 * they were put.
 */
public sealed interface Json {

  /** An object; of a name that came twice the reader refuses the text. */
  record Obj(Map<String, Json> fields) implements Json {
    public Obj {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public Optional<Json> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    /** The text of a string field; empty where the field is absent, null or of another kind. */
    public Optional<String> text(String name) {
      return field(name).filter(Str.class::isInstance).map(value -> ((Str) value).value());
    }

    /** An integer, written as a string or as a number; empty where it is neither or too large. */
    public Optional<Long> integer(String name) {
      return field(name).flatMap(Json::asInteger);
    }

    public Optional<Boolean> bool(String name) {
      return field(name).filter(Bool.class::isInstance).map(value -> ((Bool) value).value());
    }

    public Optional<Obj> object(String name) {
      return field(name).filter(Obj.class::isInstance).map(Obj.class::cast);
    }

    /** The elements of a list field; none where the field is absent or of another kind. */
    public List<Json> list(String name) {
      return field(name)
          .filter(Arr.class::isInstance)
          .map(value -> ((Arr) value).elements())
          .orElse(List.of());
    }

    /** The elements of a list field that are objects. */
    public List<Obj> objects(String name) {
      return list(name).stream().filter(Obj.class::isInstance).map(Obj.class::cast).toList();
    }
  }

  record Arr(List<Json> elements) implements Json {
    public Arr {
      elements = List.copyOf(elements);
    }
  }

  record Str(String value) implements Json {}

  /** A number in the letters it was written with. */
  record Num(String literal) implements Json {}

  record Bool(boolean value) implements Json {}

  record Null() implements Json {}

  static Builder object() {
    return new Builder();
  }

  static Arr array(List<? extends Json> elements) {
    return new Arr(List.copyOf(elements));
  }

  static Arr strings(List<String> elements) {
    return new Arr(elements.stream().<Json>map(Str::new).toList());
  }

  static Str int64(long value) {
    return new Str(Long.toString(value));
  }

  /** Hundredths as a decimal number, as centi-points are points: 44400 is 444, 44425 is 444.25. */
  static Num hundredths(int count) {
    String whole = (count < 0 ? "-" : "") + Math.abs(count / 100);
    int rest = Math.abs(count % 100);
    return new Num(rest == 0 ? whole : whole + (rest < 10 ? ".0" : ".") + rest);
  }

  /** Reads exactly one value; see {@link JsonReader} for its bounds. */
  static Json parse(String text) throws MalformedJson {
    return new JsonReader(text).document();
  }

  /** The value on one line. */
  default String compact() {
    return new JsonWriter(false).write(this);
  }

  /** The value on many lines, two blanks deep. */
  default String pretty() {
    return new JsonWriter(true).write(this);
  }

  private static Optional<Long> asInteger(Json value) {
    String digits =
        switch (value) {
          case Str(String text) -> text;
          case Num(String literal) -> literal;
          case Obj _, Arr _, Bool _, Null _ -> "";
        };
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException notAnInteger) {
      return Optional.empty();
    }
  }

  /** Collects the fields of an object in order. */
  final class Builder {
    private final Map<String, Json> fields = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, Json value) {
      fields.put(name, value);
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, new Str(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, new Bool(value));
    }

    public Builder put(String name, Builder object) {
      return put(name, object.build());
    }

    public Builder put(String name, List<? extends Json> elements) {
      return put(name, array(new ArrayList<>(elements)));
    }

    /** A number of at most 32 bits. */
    public Builder putInt(String name, int value) {
      return put(name, new Num(Integer.toString(value)));
    }

    /** A number of 64 bits, written as a string. */
    public Builder putInt64(String name, long value) {
      return put(name, int64(value));
    }

    public Obj build() {
      return new Obj(fields);
    }
  }
}
