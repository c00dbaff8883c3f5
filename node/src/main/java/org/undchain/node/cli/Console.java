package org.undchain.node.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.undchain.node.json.Json;

/** Data goes to standard output, everything said about it to standard error. */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private boolean json;
  private boolean quiet;

  public Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  static Console ofProcess() {
    return new Console(stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 13),
        false,
        StandardCharsets.UTF_8);
  }

  void configure(boolean asJson, boolean withoutNotes) {
    json = asJson;
    quiet = withoutNotes;
  }

  /** Whether results are wanted as one JSON document. */
  public boolean isJson() {
    return json;
  }

  /** One line of the result. */
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** The result as JSON: for people on many lines, in a stream of documents on one each. */
  public void document(Json value) {
    line(value.pretty());
  }

  /** One of many JSON documents. */
  public void streamed(Json value) {
    line(value.compact());
  }

  /** A remark for the person at the terminal; silent after {@code -q}. */
  public void note(String text) {
    if (!quiet) {
      err.println(text);
      err.flush();
    }
  }

  /** A warning; never silent. */
  public void warn(String text) {
    err.println("warning: " + text);
    err.flush();
  }

  void failure(Failure failure) {
    if (json) {
      document(failure.json());
    } else {
      err.println(failure.text());
      err.flush();
    }
  }

  /** Raw bytes of a result. */
  public PrintStream bytes() {
    return out;
  }

  /** Columns as wide as their widest cell, the last one as it is. */
  public void table(List<String> head, List<List<String>> rows) {
    int[] widths = new int[head.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i < row.size() - 1) {
          line.repeat(" ", widths[i] - row.get(i).length() + 2);
        }
      }
      out.println(line);
    }
    out.flush();
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
