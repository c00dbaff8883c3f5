package org.undchain.node.validator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.undchain.core.crypto.KeyRatchet;
import org.undchain.core.crypto.Signer;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.message.SetCert;
import org.undchain.core.validator.ValidatorKeys;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;

/**
 * The {@code keys/} folder of a validator: {@code identity.key}, and {@code ratchet} with the
 * secret of the oldest period whose key the set still names, from which those of later periods
 * follow (R10.9). Once the PAYOUT that makes a set is durable, what is older than the key it names
 * is overwritten, and with it goes every way to sign for the periods before.
 *
 * <p>The file is replaced as a whole: written aside, forced, renamed. Used by the machine's thread
 * alone once the node runs.
 */
public final class DiskValidatorKeys implements ValidatorKeys {
  private static final String IDENTITY = "identity.key";
  private static final String RATCHET = "ratchet";
  private static final int RATCHET_MAX = 128;
  private static final Pattern WRITTEN = Pattern.compile("(0|[1-9][0-9]{0,17}) ([0-9a-f]{64})\n");

  /**
   * So many periods may end in one event, before it is durable and {@link #keepFor} is called: a
   * reply of 64 blocks has at most 64 PAYOUTs.
   */
  private static final int AHEAD_MAX = 64;

  private final Path ratchetFile;
  private final Function<Bytes, Signer> signers;
  private final long beatsPerPeriod;
  private final Signer identity;
  private final TreeMap<Long, Secrets> secrets = new TreeMap<>();

  /** What is derived from the ratchet of one period. */
  private record Secrets(KeyRatchet ratchet, Signer consensus, BeatChain beats) {}

  private DiskValidatorKeys(
      Path folder, Function<Bytes, Signer> signers, long beatsPerPeriod, KeyRatchet oldest)
      throws ConfigException {
    this.ratchetFile = folder.resolve(RATCHET);
    this.signers = signers;
    this.beatsPerPeriod = beatsPerPeriod;
    this.identity = signers.apply(KeyFile.load(folder.resolve(IDENTITY)));
    enter(oldest);
  }

  /** Makes the keys of a new validator. A folder that has some is left as it is. */
  public static void create(Path folder) throws ConfigException {
    create(folder, random(), new KeyRatchet(0, random()));
  }

  /** As {@link #create(Path)}, from given secrets: a devnet's follow from its seed. */
  public static void create(Path folder, Bytes identity, KeyRatchet ratchet)
      throws ConfigException {
    if (!Files.exists(folder.resolve(RATCHET))) {
      try {
        Files.createDirectories(folder);
        write(folder.resolve(RATCHET), ratchet);
      } catch (IOException unwritable) {
        throw unusable(folder, unwritable.getMessage());
      }
    }
    if (!Files.exists(folder.resolve(IDENTITY))) {
      KeyFile.write(folder.resolve(IDENTITY), identity);
    }
  }

  private static Bytes random() {
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    return Bytes.wrap(seed);
  }

  /**
   * @param signers makes a signer of a seed
   * @param beatsPerPeriod of the chain's calendar
   */
  public static DiskValidatorKeys load(
      Path folder, Function<Bytes, Signer> signers, long beatsPerPeriod) throws ConfigException {
    return new DiskValidatorKeys(folder, signers, beatsPerPeriod, read(folder.resolve(RATCHET)));
  }

  @Override
  public Signer identity() {
    return identity;
  }

  @Override
  public Optional<Signer> consensus(NodeId consensusKey) {
    return found(held -> held.consensus().id().equals(consensusKey)).map(Secrets::consensus);
  }

  @Override
  public Optional<BeatChain> beats(Hash tip) {
    return found(held -> held.beats().tip().equals(tip)).map(Secrets::beats);
  }

  /**
   * Looks ahead, too: the set of the next period is there before this validator needed a secret of
   * it for anything, if it was started only after the last BEAT that could announce one.
   */
  private Optional<Secrets> found(Predicate<Secrets> fitting) {
    Optional<Secrets> held = secrets.values().stream().filter(fitting).findFirst();
    while (held.isEmpty() && secrets.lastKey() < secrets.firstKey() + AHEAD_MAX) {
      enter(secrets.lastEntry().getValue().ratchet().next());
      held = Optional.of(secrets.lastEntry().getValue()).filter(fitting);
    }
    return held;
  }

  @Override
  public NodeId consensusKeyOf(long period) {
    return of(period).consensus().id();
  }

  @Override
  public BeatChain beatChainOf(long period) {
    return of(period).beats();
  }

  /**
   * The set of a period is durable: secrets from before those that it names for this validator are
   * deleted. Who announced none keeps the ones it has.
   */
  void keepFor(SetCert set) {
    long oldest = namedBy(set).orElse(set.getPeriod());
    if (secrets.firstKey() >= oldest) {
      return;
    }
    KeyRatchet next = of(oldest).ratchet();
    try {
      write(ratchetFile, next);
    } catch (IOException failure) {
      throw new UncheckedIOException("the key ratchet cannot be turned", failure);
    }
    secrets.headMap(oldest).clear();
  }

  /** Period of the secrets that a set names for this validator, active or not. */
  private Optional<Long> namedBy(SetCert set) {
    return Stream.concat(set.getMembersList().stream(), set.getReserveList().stream())
        .filter(member -> member.getId().equals(identity.id().toByteString()))
        .findFirst()
        .flatMap(self ->
            found(held -> held.consensus().id().toByteString().equals(self.getConsensusKey())))
        .map(held -> held.ratchet().period());
  }

  private Secrets of(long period) {
    Map.Entry<Long, Secrets> newest = secrets.lastEntry();
    while (newest.getKey() < period) {
      enter(newest.getValue().ratchet().next());
      newest = secrets.lastEntry();
    }
    return Optional.ofNullable(secrets.get(period))
        .orElseThrow(() -> new IllegalStateException("the keys of period " + period + " are gone"));
  }

  private void enter(KeyRatchet ratchet) {
    secrets.put(
        ratchet.period(),
        new Secrets(
            ratchet,
            signers.apply(ratchet.consensusSeed()),
            new BeatChain(ratchet.beatSeed(), beatsPerPeriod)));
  }

  /** A ratchet as it was written; whatever differs by a byte is damaged. */
  static KeyRatchet read(Path file) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      Matcher parts =
          WRITTEN.matcher(new String(in.readNBytes(RATCHET_MAX), StandardCharsets.US_ASCII));
      if (parts.matches()) {
        return new KeyRatchet(Long.parseLong(parts.group(1)), Bytes.ofHex(parts.group(2)));
      }
      throw unusable(file, "it is not a period and 64 hexadecimal digits");
    } catch (IOException unreadable) {
      throw unusable(file, unreadable.getMessage());
    }
  }

  static void write(Path file, KeyRatchet ratchet) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Set<StandardOpenOption> how =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    String text = ratchet.period() + " " + ratchet.seed().hex() + "\n";
    try (FileChannel out = FileChannel.open(fresh, how, ownerOnly(file))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static ConfigException unusable(
      Path file, @org.jspecify.annotations.Nullable String why) {
    return new ConfigException(
        1330,
        "the validator keys in " + file + " cannot be used",
        String.valueOf(why),
        List.of("restore the keys folder; a validator without its keys cannot go on"));
  }
}
