package org.undchain.node.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.rules.RunRules;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.Address;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.api.ApiException;
import org.undchain.node.api.ApiServer;
import org.undchain.node.api.ChainView;
import org.undchain.node.api.NameBook;
import org.undchain.node.cli.net.NetworkWarmUp;

/**
 * What the launcher runs once to learn which classes a family of commands loads. Listed nowhere.
 * The reading family asks a node of its own, that of a chain without a block; the other runs a
 * network.
 */
final class WarmUpCommand implements Command {

  @Override
  public String usage() {
    return "read|node";
  }

  @Override
  public String summary() {
    return "a short run that the start-up cache is made from";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain warm-up read");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    Help.all(call.console());
    if (call.arguments().operand(0, "FAMILY").equals("read")) {
      read(call);
    } else {
      NetworkWarmUp.run(call);
    }
    return 0;
  }

  private static void read(Call call) throws IOException {
    Path folder = Files.createTempDirectory("undchain-");
    Path socket = folder.resolve("api.sock");
    try (ApiServer server = ApiServer.start(socket, view(), NameBook.NONE, () -> "")) {
      ask(call, folder, "unix:" + socket);
    } catch (ApiException refused) {
      throw new IOException(refused);
    } finally {
      Files.deleteIfExists(folder.resolve("proof"));
      Files.deleteIfExists(folder.resolve("genesis"));
      Files.delete(folder);
    }
  }

  /** Every kind of answer, for people and for programs, a refusal among them. */
  private static void ask(Call call, Path folder, String api) throws IOException {
    Path proof = folder.resolve("proof");
    Path genesis = folder.resolve("genesis");
    Files.write(
        proof,
        ProofFile.newBuilder().setHead(SignedHeader.getDefaultInstance()).build().toByteArray());
    Files.write(genesis, genesis().toByteArray());
    String owner = Address.of(owner());
    for (List<String> words :
        List.of(
            List.of("status"),
            List.of("status", "--json"),
            List.of("validators"),
            List.of("partners"),
            List.of("balance", owner),
            List.of("score"),
            List.of("jobs"),
            List.of("blocks", "--json"),
            List.of("block", "1"),
            List.of("payout", "0", "--json"),
            List.of("verify", proof.toString(), "--genesis", genesis.toString()))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--api", api));
      new CommandLine(call.session().surroundings(), call.console()).run(all);
    }
  }

  private static ChainView view() {
    Genesis genesis = body();
    RunRules rules = RunRules.devnet(Hash.ZERO, owner(), 1, List.of());
    Chain chain = GenesisBlock.chain(genesis, rules, Ed25519.check(Optional.empty()));
    return ChainView.of(chain, genesis(), owner(), Archive.EMPTY);
  }

  private static NodeId owner() {
    return Ed25519.signer(Hash.ZERO.bytes(), Optional.empty()).id();
  }

  private static Envelope genesis() {
    return GenesisBlock.seal(Ed25519.signer(Hash.ZERO.bytes(), Optional.empty()), body());
  }

  private static Genesis body() {
    ByteString owner = owner().toByteString();
    return Genesis.newBuilder()
        .setOwnerKey(owner)
        .setRulesHash(Hash.ZERO.toByteString())
        .addValidators(
            GenesisValidator.newBuilder()
                .setId(owner)
                .setConsensusKey(owner)
                .setBeatTip(owner)
                .setActive(true))
        .build();
  }
}
