package org.undchain.node.cli.client;

import java.util.List;
import org.undchain.core.message.Alias;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.Entries;

/** Gives the caller's account a name; whoever comes first has it. */
public final class AliasCommand extends EntryCommand {
  static final String FORM = "[a-z0-9-]{3,32}";

  @Override
  public String usage() {
    return "NAME";
  }

  @Override
  public String summary() {
    return "give your account a name on the chain";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain alias alice-of-the-hill", "undchain --key bob alias bob");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  /** Only a block decides who came first. */
  @Override
  boolean isAwaited(Call call) throws Failure {
    call.arguments().refuseMoreThan(1);
    String name = call.arguments().operand(0, "NAME");
    if (!name.matches(FORM)) {
      throw Failure.usage(
          "\"" + name + "\" cannot be an alias",
          "an alias is 3 to 32 small letters, digits and dashes",
          "undchain alias alice-of-the-hill");
    }
    return true;
  }

  @Override
  Entries.Promise submit(Call call, ClientNode node, Entries entries)
      throws ClientException, InterruptedException {
    String name = call.arguments().operands().getFirst();
    return entries.submit((nonce, window) ->
        Alias.newBuilder()
            .setNonce(nonce)
            .setValidFrom(window.from())
            .setValidTo(window.to())
            .setAlias(name)
            .build());
  }

  @Override
  String told(Call call) {
    return "the account is called " + call.arguments().operands().getFirst();
  }
}
