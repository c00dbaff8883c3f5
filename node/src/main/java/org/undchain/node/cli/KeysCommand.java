package org.undchain.node.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.Spelling;
import org.undchain.node.json.Json;

/** Makes, lists and shows keys; the secret itself is never printed. */
final class KeysCommand implements Command {

  @Override
  public String usage() {
    return "new NAME | list | show [NAME]";
  }

  @Override
  public String summary() {
    return "make, list and show keys";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain keys new alice", "undchain keys list", "undchain keys show alice --json");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public int run(Call call) throws Failure, IOException {
    KeyRing keys = new KeyRing(call.session());
    String action = call.arguments().operand(0, "what to do with keys");
    switch (action) {
      case "new" -> {
        call.arguments().refuseMoreThan(2);
        KeyRing.Entry made = keys.create(call.arguments().operand(1, "NAME"));
        show(call, made);
        call.console().note("keep " + made.file() + ": whoever has it owns what it owns");
      }
      case "list" -> {
        call.arguments().refuseMoreThan(1);
        list(call, keys);
      }
      case "show" -> {
        call.arguments().refuseMoreThan(2);
        var name = call.arguments().operandIfPresent(1);
        show(call, name.isPresent() ? keys.named(name.get()) : keys.chosen());
      }
      default ->
          throw Failure.usage(
              "\"keys " + action + "\" is unknown",
              "keys can be made, listed and shown",
              "undchain keys "
                  + Spelling.nearest(action, List.of("new", "list", "show")).orElse("list"));
    }
    return 0;
  }

  private static void list(Call call, KeyRing keys) throws Failure, IOException {
    List<Json> documents = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (KeyRing.Entry entry : keys.list()) {
      String address;
      try {
        address = Address.of(KeyRing.signer(entry).id());
      } catch (Failure unusable) {
        call.console().warn(String.valueOf(unusable.getMessage()));
        address = "unusable";
      }
      documents.add(
          Json.object()
              .put("name", entry.name())
              .put("id", address)
              .put("file", entry.file().toString())
              .build());
      rows.add(
          List.of(entry.name(), address, entry.ofDevnet() ? "devnet" : entry.file().toString()));
    }
    if (call.console().isJson()) {
      call.console().document(Json.object().put("keys", documents).build());
    } else if (rows.isEmpty()) {
      call.console().note("no keys yet; make one: undchain keys new NAME");
    } else {
      call.console().table(List.of("NAME", "ID", "FILE"), rows);
    }
  }

  private static void show(Call call, KeyRing.Entry entry) throws Failure {
    NodeId id = KeyRing.signer(entry).id();
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("name", entry.name())
                  .put("id", Address.of(id))
                  .put("hex", id.hex())
                  .put("file", entry.file().toString())
                  .build());
    } else {
      call.console().line(Address.of(id));
    }
  }
}
