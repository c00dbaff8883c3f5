package org.undchain.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The two files that name a chain: the genesis its owner signed and the rules whose hash stands in
 * it. Both are public; whoever has them knows the chain id and trusts nobody else.
 */
public final class ChainFiles {
  /** Name of the genesis file in a folder: the bytes of its envelope. */
  public static final String GENESIS = "genesis";

  /** Name of the rules file in a folder. */
  public static final String RULES = "run_rules.toml";

  /** Code of the refusal of what is no genesis file. */
  public static final int NO_GENESIS = 1320;

  private static final int GENESIS_MAX = 4 << 20;

  private ChainFiles() {}

  /** The chain of a folder. */
  public static Chain load(Path folder, SignatureCheck signatures) throws ConfigException {
    return load(folder.resolve(GENESIS), folder.resolve(RULES), signatures);
  }

  public static Chain load(Path genesisFile, Path rulesFile, SignatureCheck signatures)
      throws ConfigException {
    Genesis genesis = genesis(genesisFile, signatures);
    RunRules rules = rules(rulesFile);
    if (!rules.rulesHash().equals(Hash.of(genesis.getRulesHash()))) {
      throw new ConfigException(
          1322,
          rulesFile + " is not the rules file of this chain",
          "its hash is "
              + rules.rulesHash().hex()
              + ", the genesis names "
              + Hash.of(genesis.getRulesHash()).hex(),
          List.of("get the rules file from whoever gave you " + genesisFile));
    }
    if (!rules.ownerKey().toByteString().equals(genesis.getOwnerKey())) {
      throw new ConfigException(
          1323,
          rulesFile + " names another owner than the genesis",
          "only the owner of a chain makes its rules",
          List.of("undchain rules check " + rulesFile));
    }
    return GenesisBlock.chain(genesis, rules, signatures);
  }

  /** Writes both files into a folder. */
  public static void write(Path folder, Envelope genesis, Bytes rules) throws ConfigException {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(RULES), rules.unsafeArray());
      Files.write(folder.resolve(GENESIS), genesis.toByteArray());
    } catch (IOException unwritable) {
      throw unusable(folder, "written", unwritable);
    }
  }

  /** The genesis as its owner signed it; unchecked, {@link #load} checks it. */
  public static Envelope envelope(Path genesisFile) throws ConfigException {
    return Canonical.decode(Envelope.parser(), read(genesisFile, GENESIS_MAX))
        .orElseThrow(() -> damaged(genesisFile, "it is no envelope"));
  }

  /** The genesis, checked to be signed by the owner it names. */
  public static Genesis genesis(Path file, SignatureCheck signatures) throws ConfigException {
    return switch (GenesisBlock.open(signatures, envelope(file))) {
      case Opening.Good<Genesis>(Genesis genesis) when genesis.getRulesHash().size() == Hash.SIZE ->
          genesis;
      case Opening.Good<Genesis> without -> throw damaged(file, "it names no rules");
      case Opening.Refused<Genesis>(RejectCode why, String detail) ->
          throw damaged(file, detail + " (" + why + ")");
    };
  }

  private static RunRules rules(Path file) throws ConfigException {
    return switch (RulesFile.read(read(file, RulesFile.BYTES_MAX))) {
      case RulesFile.Reading.Good(RunRules rules) -> rules;
      case RulesFile.Reading.Bad(List<Problem> problems) -> {
        Problem first = problems.getFirst();
        throw new ConfigException(
            1321,
            file + ":" + first.line() + ":" + first.column() + ": " + first.what(),
            first.why(),
            List.of(first.mend(), "undchain rules check " + file));
      }
    };
  }

  private static Bytes read(Path file, int bytesMax) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw damaged(file, "it has more than " + bytesMax + " bytes");
      }
      return Bytes.wrap(bytes);
    } catch (NoSuchFileException absent) {
      throw new ConfigException(
          1324,
          "there is no " + file,
          "a node needs the genesis and the rules of its chain",
          List.of("copy both files from another node of the chain"));
    } catch (IOException unreadable) {
      throw unusable(file, "read", unreadable);
    }
  }

  private static ConfigException damaged(Path file, String why) {
    return new ConfigException(
        NO_GENESIS,
        file + " is no genesis file",
        why,
        List.of("get the file again from whoever gave it to you"));
  }

  private static ConfigException unusable(Path file, String what, IOException failure) {
    return new ConfigException(
        1325,
        file + " cannot be " + what,
        failure.getClass().getSimpleName() + ": " + failure.getMessage(),
        List.of("ls -ld " + file));
  }
}
