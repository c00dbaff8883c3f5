package org.undchain.node.cli.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AliasLeaf;
import org.undchain.core.message.Transfer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.KeyRing;
import org.undchain.node.cli.Option;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.Entries;

/** Moves UND from the caller's account. */
public final class TransferCommand extends EntryCommand {
  private static final String COMMITTED = "committed";

  @Override
  public String usage() {
    return "TO AMOUNT [--wait committed]";
  }

  @Override
  public String summary() {
    return "send UND to an account";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain transfer bob 12.5", "undchain transfer und1… 1 --wait committed");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--wait", COMMITTED, "stay until it is in a block, not only promised"));
  }

  @Override
  boolean isAwaited(Call call) throws Failure {
    call.arguments().refuseMoreThan(2);
    Und.grains(call.arguments().operand(1, "AMOUNT"));
    String wait = call.arguments().text("--wait").orElse("");
    if (!wait.isEmpty() && !wait.equals(COMMITTED)) {
      throw Failure.usage(
          "--wait " + wait + " is unknown",
          "a transfer is promised at once and can be waited for until it is committed",
          "--wait committed");
    }
    return wait.equals(COMMITTED);
  }

  @Override
  Entries.Promise submit(Call call, ClientNode node, Entries entries)
      throws Failure, ClientException, IOException, InterruptedException {
    NodeId to = account(call, node, call.arguments().operand(0, "TO"));
    long grains = Und.grains(call.arguments().operand(1, "AMOUNT"));
    return entries.submit((nonce, window) ->
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(window.from())
            .setValidTo(window.to())
            .setTo(to.toByteString())
            .setAmount(grains)
            .build());
  }

  /** An address, a key of the caller's, or an alias of the chain. */
  private static NodeId account(Call call, ClientNode node, String name)
      throws Failure, ClientException, IOException, InterruptedException {
    try {
      return new KeyRing(call.session()).account(name);
    } catch (Failure unknown) {
      if (!name.matches(AliasCommand.FORM)) {
        throw unknown;
      }
      Bytes key = Bytes.wrap(name.getBytes(StandardCharsets.US_ASCII));
      var alias = node.leaf(Table.ALIAS, key, AliasLeaf.parser());
      if (alias.isEmpty()) {
        throw unknown;
      }
      return NodeId.of(alias.get().getTarget());
    }
  }

  @Override
  String told(Call call) {
    return call.arguments().operands().get(1) + " UND go to " + call.arguments().operands().get(0);
  }
}
