package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.cli.Tool;
import org.undchain.node.json.Json;
import org.undchain.node.partner.PartnerNode;

/** The commands of a client as a person types them, on real sockets and disks. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCommandsTest {
  private static final int SIZE = 20 << 20;

  private StorageNet net;
  private ClientCommands commands;
  private Path folder;
  private Path file;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.net = new StorageNet(folder, 9, PartnerNode.Offer.USUAL);
    this.file = folder.resolve("photos.tar");
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Files.write(file, bytes);
    this.commands = new ClientCommands(folder);
  }

  @AfterAll
  void stop() {
    net.close();
  }

  @Test
  void whatWasStoredIsReadBackAlsoWhenAllButAnyKPartnersAreGone() throws Exception {
    Tool.Outcome stored = commands.call("store", file.toString(), "--key", "ann", "--json");
    assertThat(stored.code()).as(stored.err()).isZero();
    Json.Obj document = stored.document();
    assertThat(document.objects("partners")).hasSize(8);
    assertThat(document.objects("receipts"))
        .allMatch(receipt -> receipt.text("kind").orElseThrow().equals("DUAL"));
    assertThat(document.objects("stamps")).hasSizeGreaterThanOrEqualTo(3);
    String id = document.text("objectId").orElseThrow();

    Path back = folder.resolve("back.tar");
    Tool.Outcome got = commands.call("get", id, "-o", back.toString(), "--key", "bob", "--json");
    assertThat(got.code()).as(got.err()).isZero();
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    assertThat(got.document().objects("shardsSkipped"))
        .as("who was slow on a busy machine is named, too")
        .allMatch(skipped -> skipped.text("reason").equals(Optional.of("SLOW")));

    for (Json.Obj partner : document.objects("partners").subList(0, 4)) {
      net.kill(net.numberOf(partner.text("id").orElseThrow()));
    }
    Tool.Outcome streamed = commands.call("get", id, "--key", "bob");
    assertThat(streamed.code()).as(streamed.err()).isZero();
    assertThat(streamed.bytes()).isEqualTo(Files.readAllBytes(file));
    assertThat(net.fatal()).isEmpty();
  }

  @Test
  void aTransferIsPromisedAndANameIsGivenOnce() throws Exception {
    Tool.Outcome sent = commands.call("transfer", "bob", "0.001", "--key", "ann", "--json");
    assertThat(sent.code()).as(sent.err()).isZero();
    assertThat(sent.document().objects("stamps")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(commands.call("alias", "ann-the-first", "--key", "ann").code()).isZero();
    Tool.Outcome second = commands.call("alias", "ann-the-first", "--key", "bob");
    assertThat(second.code()).isEqualTo(4);
    assertThat(second.err()).contains("ALIAS_TAKEN");
    Tool.Outcome byAlias =
        commands.call("transfer", "ann-the-first", "0.001", "--key", "bob", "--wait", "committed");
    assertThat(byAlias.code()).as(byAlias.err()).isZero();
  }

  @Test
  void whoCannotPayIsToldSo() throws Exception {
    Tool.Outcome refused =
        commands.call("store", file.toString(), "--key", "ann", "--max-price", "900");
    assertThat(refused.code()).isEqualTo(8);
    assertThat(refused.err()).contains("why:").contains("try:");
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    Path key = folder.resolve("open.key");
    Files.copy(folder.resolve("home/keys/ann.key"), key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Tool.Outcome refused = commands.call("store", file.toString(), "--key", key.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains(key.toString());
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    Tool.Outcome refused =
        commands.call("store", folder.resolve("nothing").toString(), "--key", "ann");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("nothing");
  }
}
