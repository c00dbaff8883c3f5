package org.undchain.node.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Genesis;
import org.undchain.core.value.Bytes;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;
import org.undchain.fuzz.Town;
import org.undchain.node.transport.TransportIdentity;

/**
 * The small files of a node's folder: clock, key, genesis, transport certificate. First byte: which
 * of them.
 */
public final class SmallFilesDoor implements Door {
  private final Scratch scratch = new Scratch();
  private final Town town = Town.ofReal();
  private final TransportIdentity made = TransportIdentity.create();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return false;
    }
    byte[] content = Parts.rest(bytes, 1);
    try {
      return switch (Parts.place(bytes[0], 4)) {
        case 0 -> clock(scratch.with("clock", content));
        case 1 -> key(scratch.with("key", content), content);
        case 2 -> genesis(scratch.with("genesis", content));
        default -> certificate(scratch.with("transport.pem", content));
      };
    } catch (ConfigException refused) {
      Door.require(!refused.why().isEmpty(), "a refusal says no why");
      return false;
    }
  }

  private static boolean clock(Path file) throws Exception {
    ClockFile clock = ClockFile.read(file);
    Path again = file.resolveSibling("again");
    ClockFile.write(again, clock);
    Door.require(ClockFile.read(again).equals(clock), "the clock changes when it is kept");
    return true;
  }

  private static boolean key(Path file, byte[] content) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Bytes seed = KeyFile.load(file);
    String text = new String(content, StandardCharsets.US_ASCII).strip();
    Door.require(seed.hex().equalsIgnoreCase(text), "another seed than the file's");
    return true;
  }

  private boolean genesis(Path file) throws ConfigException {
    Genesis genesis = ChainFiles.genesis(file, town.chain().signatures());
    Door.require(genesis.equals(town.chain().genesis()), "a genesis that no owner signed");
    return true;
  }

  /** A damaged certificate is made anew; a good one stays. */
  private boolean certificate(Path file) throws Exception {
    Path folder = file.resolveSibling("");
    Files.write(folder.resolve("transport.key"), pem("PRIVATE KEY", made.key().getEncoded()));
    TransportIdentity read = TransportIdentity.in(folder);
    return read.certificate().equals(made.certificate());
  }

  private static byte[] pem(String label, byte[] der) {
    String base64 = java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public List<byte[]> honest() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);
    byte[] signed =
        Canonical.encode(GenesisBlock.seal(town.story().signer("owner"), town.chain().genesis()))
            .toByteArray();
    return List.of(
        Parts.join(Parts.one(0), "running -12\n".getBytes(StandardCharsets.US_ASCII)),
        Parts.join(Parts.one(0), "stopped 1767225600000\n".getBytes(StandardCharsets.US_ASCII)),
        Parts.join(
            Parts.one(1), (Bytes.wrap(seed).hex() + "\n").getBytes(StandardCharsets.US_ASCII)),
        Parts.join(Parts.one(2), signed),
        Parts.join(Parts.one(3), pem("CERTIFICATE", made.certificateDer().toByteArray())));
  }

  @Override
  public long allocationMax(int length) {
    return 8L << 20;
  }
}
