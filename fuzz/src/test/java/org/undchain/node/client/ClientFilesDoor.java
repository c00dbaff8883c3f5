package org.undchain.node.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;
import org.undchain.fuzz.Town;

/** The files of a client: an unfinished job, and nonces on their way. First byte: which of them. */
public final class ClientFilesDoor implements Door {
  private static final NodeId ANN = new NodeId(Hashes.tagged("ann").bytes());

  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return false;
    }
    byte[] content = Parts.rest(bytes, 1);
    return Parts.place(bytes[0], 2) == 0
        ? job(scratch.with("job", content).resolveSibling(""))
        : nonces(scratch.with(ANN.hex(), content).resolveSibling(""));
  }

  private static boolean job(Path folder) throws IOException {
    Optional<JobFolder.Job> job;
    try {
      job = new JobFolder(folder).read();
    } catch (IOException damaged) {
      Door.require(
          String.valueOf(damaged.getMessage()).contains("damaged"), "it does not say what to do");
      return false;
    }
    new JobFolder(folder).write(job.orElseThrow());
    Door.require(new JobFolder(folder).read().equals(job), "a job changes when it is kept");
    return true;
  }

  private static boolean nonces(Path folder) throws IOException {
    long nonce = new NonceBook(folder, ANN).take(AccountLeaf.getDefaultInstance(), 100, 108);
    Door.require(nonce > 0, "a nonce below all");
    String kept = Files.readString(folder.resolve(ANN.hex()), StandardCharsets.US_ASCII);
    Door.require(kept.contains(nonce + " 108\n"), "the nonce is not kept");
    return true;
  }

  @Override
  public List<byte[]> honest() throws IOException {
    Envelope request = Town.ofForgeable().entrySamples(1).getFirst();
    Bytes key = Hashes.tagged("key").bytes();
    JobFolder.Job begun =
        new JobFolder.Job(request, key, 2, 3, 100, Optional.empty(), Optional.empty());
    TreeMap<NodeId, org.undchain.core.value.Hash> holders = new TreeMap<>();
    holders.put(ANN, Hashes.tagged("root"));
    JobFolder.Job uploaded =
        begun
            .committed(new Entries.InBlock(7, 9))
            .uploaded(new JobFolder.Upload("und:abc", 3, holders));
    return List.of(
        Parts.join(Parts.one(0), written(begun)),
        Parts.join(Parts.one(0), written(uploaded)),
        Parts.join(Parts.one(1), "1 200\n2 300\n".getBytes(StandardCharsets.US_ASCII)));
  }

  private byte[] written(JobFolder.Job job) throws IOException {
    Path folder = scratch.emptied();
    new JobFolder(folder).write(job);
    return Files.readAllBytes(folder.resolve("job"));
  }
}
