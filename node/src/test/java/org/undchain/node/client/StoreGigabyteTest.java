package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.partner.PartnerNode;

/**
 * A file of a gigabyte, stored and read by processes with a heap of 128 MiB, over real sockets and
 * disks. It takes 4 GB of disk and minutes, so it runs when it is asked for: {@code ./undchain test
 * -Dgigabyte=true -Dtest=StoreGigabyteTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("slow")
@EnabledIfSystemProperty(named = "gigabyte", matches = "true")
class StoreGigabyteTest {
  private static final long SIZE = 1_000_000_000;
  private static final String HEAP = "128m";
  private static final Pattern ID = Pattern.compile("und:[a-z2-7]+");

  @Test
  void aGigabyteGoesThroughSmallProcesses(@TempDir Path folder) throws Exception {
    try (StorageNet net = new StorageNet(folder, 8, PartnerNode.Offer.USUAL)) {
      ClientCommands commands = new ClientCommands(folder);
      Path file = folder.resolve("object");
      fill(file);
      run(commands, "store", file.toString(), "--key", "ann");
      Matcher id = ID.matcher(Files.readString(commands.log()));
      assertThat(id.find()).isTrue();
      for (int number = 0; number < 4; number++) {
        net.kill(number);
      }
      Path back = folder.resolve("back");
      run(commands, "get", id.group(), "-o", back.toString(), "--key", "bob");
      assertThat(Files.mismatch(file, back)).isEqualTo(-1);
      assertThat(net.fatal()).isEmpty();
    }
  }

  private static void run(ClientCommands commands, String... words) throws Exception {
    long began = System.nanoTime();
    int code = commands.process(HEAP, words).waitFor();
    assertThat(code).as(Files.readString(commands.log())).isZero();
    long millis = (System.nanoTime() - began) / 1_000_000;
    System.out.println(words[0] + ": " + millis + " ms, " + SIZE / 1000 / millis + " MB/s");
  }

  private static void fill(Path file) throws Exception {
    Random random = new Random(9);
    byte[] block = new byte[1_000_000];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long done = 0; done < SIZE; done += block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }
}
