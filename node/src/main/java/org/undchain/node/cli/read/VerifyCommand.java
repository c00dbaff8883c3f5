package org.undchain.node.cli.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.payout.ProofCheck;
import org.undchain.core.payout.ProofCheck.Outcome;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.json.Json;

/**
 * {@code verify}: checks a portable proof with nothing but the genesis file. It asks nobody, so it
 * works without a network and long after the chain has stopped.
 */
public final class VerifyCommand implements Command {
  @Override
  public String usage() {
    return "FILE [--genesis F]";
  }

  @Override
  public String summary() {
    return "check a portable proof offline";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain verify receipt.proof", "undchain verify receipt.proof --genesis chain/genesis");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option(
            "--genesis", "F", "the chain's genesis (default: that of the devnet in --home)"));
  }

  @Override
  public int run(Call call) throws Failure, IOException {
    call.arguments().refuseMoreThan(1);
    String name = call.arguments().operand(0, "FILE");
    Bytes proof = read(call.session().path(name), ProofCheck.BYTES_MAX);
    SignatureCheck check = Ed25519.check(Optional.empty());
    Genesis genesis = genesis(check, genesisFile(call));
    switch (ProofCheck.check(check, genesis, proof)) {
      case Outcome.Proven proven -> show(call, proven);
      case Outcome.Failed(ProofCheck.Reason reason, String detail) ->
          throw Failure.local(
              6003,
              reason.name(),
              name + " proves nothing",
              detail,
              reason == ProofCheck.Reason.WRONG_CHAIN
                  ? "undchain verify " + name + " --genesis F, with the genesis of its chain"
                  : "get the proof again: undchain proof ID -o " + name);
    }
    return 0;
  }

  private static void show(Call call, Outcome.Proven proven) throws Failure {
    List<String> signers = proven.signers().stream().map(Address::of).toList();
    Json.Builder out =
        Json.object()
            .put("ok", true)
            .put("what", proven.what())
            .put("id", proven.key().hex())
            .putInt64("height", height(proven))
            .putInt64("period", proven.head().getPeriod())
            .put("signers", Json.strings(signers));
    if (call.console().isJson()) {
      call.console().document(out.build());
      return;
    }
    Page page = new Page(call.console());
    call.console().line("ok: " + says(proven));
    page.fields(out.build(), "what", "id", "height", "period");
    call.console().line("signed by " + signers.size() + " validators:");
    signers.forEach(signer -> call.console().line("  " + signer));
  }

  /** Block of the entry; of a job the PAYOUT block. */
  private static long height(Outcome.Proven proven) {
    return Canonical.decode(SeenLeaf.parser(), proven.value())
        .filter(leaf -> proven.what().equals("entry"))
        .map(SeenLeaf::getHeight)
        .orElse(proven.head().getHeight());
  }

  private static String says(Outcome.Proven proven) {
    if (proven.what().equals("entry")) {
      SeenLeaf leaf = Canonical.decode(SeenLeaf.parser(), proven.value()).orElseThrow();
      String result = leaf.getResult().name().substring("ENTRY_RESULT_".length());
      return "the entry is in block " + leaf.getHeight() + ", result " + result;
    }
    JobRow row = Canonical.decode(JobRow.parser(), proven.value()).orElseThrow();
    long paid = row.getSeatsList().stream().mapToLong(seat -> seat.getPaid()).sum();
    return "payout file "
        + proven.head().getPeriod()
        + " has the job with "
        + row.getSeatsCount()
        + " seats, paid "
        + Page.und(paid)
        + ", refunded "
        + Page.und(row.getRefund());
  }

  private static Path genesisFile(Call call) throws Failure, IOException {
    Optional<Path> named = call.arguments().text("--genesis").map(call.session()::path);
    if (named.isPresent()) {
      return named.get();
    }
    Optional<Path> ofDevnet =
        Devnet.running(call.session()).flatMap(net -> net.document().text("genesis")).map(Path::of);
    return ofDevnet.orElseThrow(() ->
        Failure.local(
            3105,
            "NO_GENESIS",
            "there is no genesis to check against",
            "no --genesis was given and no devnet is registered in " + call.session().home(),
            "undchain verify FILE --genesis F"));
  }

  private static Genesis genesis(SignatureCheck check, Path file) throws Failure {
    try {
      return ChainFiles.genesis(file, check);
    } catch (ConfigException refused) {
      boolean isRead = refused.code() == ChainFiles.NO_GENESIS;
      throw Failure.local(
          isRead ? 6004 : 3106,
          isRead ? "BAD_GENESIS" : "UNREADABLE",
          refused.what(),
          refused.why(),
          "get it from the chain's owner, or ask a node: /v1/genesis");
    }
  }

  private static Bytes read(Path file, int bytesMax) throws Failure {
    try (InputStream in = Files.newInputStream(file)) {
      return Bytes.wrap(in.readNBytes(bytesMax + 1));
    } catch (IOException unreadable) {
      throw Failure.local(
          3106,
          "UNREADABLE",
          file + " cannot be read",
          unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage(),
          "ls -l " + file);
    }
  }
}
