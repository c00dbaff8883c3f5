package org.undchain.node.cli;

import java.util.List;
import java.util.Optional;
import org.undchain.node.cli.client.AliasCommand;
import org.undchain.node.cli.client.GetCommand;
import org.undchain.node.cli.client.StoreCommand;
import org.undchain.node.cli.client.TransferCommand;
import org.undchain.node.cli.nemesis.NemesisCommand;
import org.undchain.node.cli.net.DevnetCommand;
import org.undchain.node.cli.net.NodeCommand;
import org.undchain.node.cli.net.TourCommand;
import org.undchain.node.cli.read.ProofCommand;
import org.undchain.node.cli.read.Questions;
import org.undchain.node.cli.read.VerifyCommand;
import org.undchain.node.config.NodeFile;

/** All commands by name. A switch, not a map: of thirty commands a call builds one. */
final class CommandTable {
  /** Those that {@code --help} lists, in its order. */
  static final List<String> NAMES =
      List.of(
          "tour",
          "devnet",
          "store",
          "get",
          "transfer",
          "alias",
          "status",
          "validators",
          "partners",
          "balance",
          "score",
          "jobs",
          "job",
          "receipts",
          "blocks",
          "block",
          "payout",
          "proof",
          "verify",
          "validator",
          "partner",
          "nemesis",
          "keys",
          "rules",
          "decode",
          "completion",
          "version");

  private CommandTable() {}

  static Optional<Command> named(String name) {
    return switch (name) {
      case "tour" -> Optional.of(new TourCommand());
      case "devnet" -> Optional.of(new DevnetCommand());
      case "validator" -> Optional.of(new NodeCommand(NodeFile.Role.VALIDATOR));
      case "partner" -> Optional.of(new NodeCommand(NodeFile.Role.PARTNER));
      case "nemesis" -> Optional.of(new NemesisCommand());
      case "status" -> Optional.of(Questions.status());
      case "validators" -> Optional.of(Questions.validators());
      case "partners" -> Optional.of(Questions.partners());
      case "balance" -> Optional.of(Questions.balance());
      case "score" -> Optional.of(Questions.score());
      case "jobs" -> Optional.of(Questions.jobs());
      case "job" -> Optional.of(Questions.job());
      case "receipts" -> Optional.of(Questions.receipts());
      case "blocks" -> Optional.of(Questions.blocks());
      case "block" -> Optional.of(Questions.block());
      case "payout" -> Optional.of(Questions.payout());
      case "proof" -> Optional.of(new ProofCommand());
      case "verify" -> Optional.of(new VerifyCommand());
      case "store" -> Optional.of(new StoreCommand());
      case "get" -> Optional.of(new GetCommand());
      case "transfer" -> Optional.of(new TransferCommand());
      case "alias" -> Optional.of(new AliasCommand());
      case "keys" -> Optional.of(new KeysCommand());
      case "rules" -> Optional.of(new RulesCommand());
      case "decode" -> Optional.of(new DecodeCommand());
      case "completion" -> Optional.of(new CompletionCommand());
      case "version" -> Optional.of(new VersionCommand());
      case "warm-up" -> Optional.of(new WarmUpCommand());
      default -> Optional.empty();
    };
  }
}
