package org.undchain.node.devnet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;
import org.undchain.node.partner.PartnerNode;
import org.undchain.node.store.Journal;
import org.undchain.node.store.StoreOwner;
import org.undchain.node.validator.DiskValidatorKeys;
import org.undchain.node.validator.ValidatorNode;

/**
 * Makes the data folder of a devnet, or opens one that is there. It is made beside its place and
 * moved there as a whole, so a folder is either complete or not a devnet's; what an interrupted
 * making left beside it never ran and is made anew.
 */
public final class Founding {
  private static final String README =
      """
      Data of an UndChain devnet: a network to try things on.
      Every key in here follows from a public seed. Whoever knows the seed has them all.
      They are PUBLIC TEST KEYS: put nothing of value on them.
      """;

  private Founding() {}

  /** Whether the folder holds a devnet; refuses one that holds something else. */
  public static boolean isFounded(DevnetFolder folder) throws ConfigException {
    if (Files.exists(folder.planFile())) {
      return true;
    }
    try (Stream<Path> content = Files.list(folder.root())) {
      List<String> names =
          content.map(path -> path.getFileName().toString()).sorted().limit(3).toList();
      if (!names.isEmpty()) {
        throw new ConfigException(
            1402,
            folder.root() + " is no data folder of a devnet",
            "it holds other things: " + String.join(", ", names),
            List.of("--data with a folder that is empty or not there yet"));
      }
      return false;
    } catch (NoSuchFileException absent) {
      return false;
    } catch (IOException unusable) {
      throw refused(folder.root(), unusable);
    }
  }

  /** Makes a network that never ran. */
  public static DevnetPlan make(DevnetFolder folder, DevnetShape shape, BlockTime t0)
      throws ConfigException {
    DevnetPlan plan =
        DevnetPlan.of(shape.checked(), FreePorts.choose(DevnetPlan.nodeCount(shape)), t0);
    make(folder, plan);
    return plan;
  }

  static void make(DevnetFolder folder, DevnetPlan plan) throws ConfigException {
    Path place = folder.root();
    DevnetFolder draft =
        new DevnetFolder(place.resolveSibling("." + place.getFileName() + ".unfinished"));
    try {
      Folders.delete(draft.root());
      Files.createDirectories(draft.root());
      write(draft, plan);
      Files.move(draft.root(), place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw refused(place, failure);
    }
  }

  /** Opens a network that was made before, after checking that its files belong together. */
  public static DevnetPlan open(DevnetFolder folder) throws ConfigException {
    DevnetPlan plan = PlanFile.read(folder.planFile());
    try {
      byte[] genesis = Files.readAllBytes(folder.genesisFile());
      String rules = Files.readString(folder.rulesFile());
      if (Arrays.equals(genesis, plan.sealedGenesis().toByteArray())
          && rules.equals(plan.rulesText())) {
        return plan;
      }
    } catch (IOException unreadable) {
      throw refused(folder.root(), unreadable);
    }
    throw new ConfigException(
        1405,
        folder.root() + " holds the genesis or the rules of another chain",
        "they do not follow from " + folder.planFile().getFileName(),
        List.of("choose another --data", "put the files back as they were"));
  }

  private static void write(DevnetFolder draft, DevnetPlan plan)
      throws IOException, ConfigException {
    Files.writeString(draft.root().resolve("README"), README);
    Files.write(draft.genesisFile(), plan.sealedGenesis().toByteArray());
    Files.writeString(draft.rulesFile(), plan.rulesText(), StandardCharsets.UTF_8);
    for (DevnetPlan.Account account : plan.accounts()) {
      KeyFile.write(draft.accountKey(account.name()), account.secret());
    }
    KeyFile.write(draft.accountKey(plan.owner().name()), plan.owner().secret());
    Hash chainId = GenesisBlock.context(plan.genesis()).chainId();
    for (DevnetNode node : plan.nodes()) {
      write(draft, plan, node, chainId);
    }
    Files.writeString(draft.planFile(), PlanFile.text(plan)); // last: with it the draft is whole
  }

  private static void write(DevnetFolder draft, DevnetPlan plan, DevnetNode node, Hash chainId)
      throws IOException, ConfigException {
    Path data = draft.nodeFolder(node.name());
    Files.createDirectories(data);
    Files.writeString(draft.nodeFile(node.name()), plan.nodeFile(draft, node).text(data));
    if (node.isPartner()) {
      KeyFile.write(PartnerNode.identityOf(data), plan.identitySecret(node));
      return;
    }
    DiskValidatorKeys.create(
        ValidatorNode.keysOf(data), plan.identitySecret(node), plan.ratchet(node));
    Journal.initialise(data, new StoreOwner(chainId, node.id()));
  }

  private static ConfigException refused(Path place, IOException failure) {
    return new ConfigException(
        1406,
        "the data folder " + place + " cannot be used",
        failure.getClass().getSimpleName() + ": " + failure.getMessage(),
        List.of("ls -ld " + place, "choose another --data"));
  }
}
