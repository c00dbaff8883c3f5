package org.undchain.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

final class NodeFileTest {
  private static final Path FOLDER = Path.of("/data/nodes/p1");
  private static final NodeFile PARTNER = partner(FOLDER);

  /** A line of a good partner's file, what stands there instead, and where the problem is told. */
  record Bad(String good, String instead, int line, int column, String what) {}

  static List<Bad> badFiles() {
    return List.of(
        new Bad("role = \"partner\"", "role = \"partnr\"", 1, 1, "role is \"partnr\""),
        new Bad("role = \"partner\"", "", 1, 1, "role is missing"),
        new Bad("role = \"partner\"", "role = 3", 1, 1, "role is not a word"),
        new Bad(
            "role = \"partner\"", "role = \"validator\"", 16, 1, "a validator rents out nothing"),
        new Bad("name = \"p1\"", "name = \"p 1\"", 2, 1, "name is \"p 1\""),
        new Bad("name = \"p1\"", "nam = \"p1\"", 2, 1, "there is no key nam"),
        new Bad("data = \".\"", "data = true", 3, 1, "data is not a path"),
        new Bad("data = \".\"", "data = \"\\u0000\"", 3, 1, "data is no path"),
        new Bad("genesis = \"../../genesis\"", "", 1, 1, "genesis is missing"),
        new Bad("log_level = \"info\"", "log_level = \"loud\"", 7, 1, "log_level is \"loud\""),
        new Bad("listen = \"127.0.0.1:4440\"", "listen = \"127.0.0.1\"", 10, 1, "is no address"),
        new Bad("listen = \"127.0.0.1:4440\"", "listen = \":4440\"", 10, 1, "is no address"),
        new Bad("listen = \"127.0.0.1:4440\"", "listen = \"h:65536\"", 10, 1, "is no address"),
        new Bad("listen = \"127.0.0.1:4440\"", "listen = \"h:0\"", 10, 1, "is no address"),
        new Bad("advertise = \"127.0.0.1:4440\"", "advertise = \"0.0.0.0:1\"", 11, 1, "can dial"),
        new Bad("socket = \"api.sock\"", "socket = [1]", 14, 1, "api.socket is not a path"),
        new Bad("quota_mib = 1024", "quota_mib = 0", 17, 1, "storage.quota_mib is 0"),
        new Bad("quota_mib = 1024", "quota_mb = 1024", 17, 1, "there is no key storage.quota_mb"),
        new Bad("unit_price_grains = 7", "#", 1, 1, "storage.unit_price_grains is missing"),
        new Bad("unit_price_grains = 7", "unit_price_grains = -1", 18, 1, "is -1, the limit is 0"),
        new Bad("v1 = \"und1", "v1 = \"und2", 21, 1, "names.v1 names no address"),
        new Bad("[network]", "[network", 9, 9, ""));
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void whatIsWrongIsToldWithItsPlace(Bad bad) {
    String text = PARTNER.text(FOLDER);
    assertThat(text).contains(bad.good);
    assertThat(problems(text.replace(bad.good, bad.instead)))
        .anySatisfy(problem -> {
          assertThat(problem.what()).contains(bad.what);
          assertThat(List.of(problem.line(), problem.column()))
              .isEqualTo(List.of(bad.line, bad.column));
          assertThat(problem.mend()).isNotEmpty();
        });
  }

  @Test
  void aValueInThePlaceOfASectionIsToldWithItsPlace() {
    String text =
        PARTNER
            .text(FOLDER)
            .replace("[api]", "[else]")
            .replace("log_level = \"info\"", "api = \"api.sock\"");
    assertThat(problems(text))
        .anySatisfy(problem -> {
          assertThat(problem.what()).isEqualTo("api is not a section");
          assertThat(problem.line()).isEqualTo(7);
        });
  }

  @Test
  void aMisspeltKeyIsToldWhatWasMeant() {
    assertThat(problems(PARTNER.text(FOLDER).replace("log_level", "log_levl")))
        .anySatisfy(problem -> assertThat(problem.mend()).isEqualTo("did you mean log_level?"));
  }

  @Test
  void whatIsWrittenIsRead() {
    NodeFile.Reading reading = NodeFile.read(bytes(PARTNER.text(FOLDER)), FOLDER);
    assertThat(((NodeFile.Reading.Good) reading).node()).isEqualTo(PARTNER);
  }

  @Test
  void pathsAreSeenFromTheFolderOfTheFileSoThatItCanBeMoved(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("node.toml");
    Files.writeString(file, PARTNER.text(FOLDER));
    NodeFile moved = NodeFile.load(file);
    assertThat(moved.data()).isEqualTo(folder);
    assertThat(moved.apiSocket().getFileName()).hasToString("api.sock");
    assertThat(moved.genesis()).isEqualTo(folder.resolve("../../genesis").normalize());
  }

  @Test
  void aRefusalNamesFileLineAndColumnAndTellsOfEveryProblem(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("node.toml");
    Files.writeString(file, "role = 1\nname = \"?\"\n");
    assertThatThrownBy(() -> NodeFile.load(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(NodeFile.CODE);
              assertThat(refused.what()).startsWith("node.toml:1:1 role is not a word");
              assertThat(refused.tries())
                  .anyMatch(line -> line.startsWith("also node.toml:2:1 name is"));
            });
    assertThatThrownBy(() -> NodeFile.load(folder.resolve("absent.toml")))
        .isInstanceOfSatisfying(
            ConfigException.class, refused -> assertThat(refused.code()).isEqualTo(3102));
  }

  @Test
  void damagedFilesAreReadOrRefusedButNeverThrow() {
    byte[] whole = bytes(PARTNER.text(FOLDER)).unsafeArray();
    long seed = 20_261_126;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
      }
      assertThat(NodeFile.read(Bytes.wrap(damaged), FOLDER))
          .as("seed %d round %d", seed, round)
          .isNotNull();
    }
  }

  @Test
  void aSocketThatLiesTooDeepGetsAShortPathThatFollowsFromTheWantedOne() {
    Path deep = Path.of("/" + "deep/".repeat(30), "api.sock");
    assertThat(SocketPath.fitting(Path.of("/data/api.sock"))).hasToString("/data/api.sock");
    assertThat(SocketPath.fitting(deep)).isEqualTo(SocketPath.fitting(deep)).isNotEqualTo(deep);
    assertThat(SocketPath.fitting(deep).toString().length()).isLessThan(100);
    assertThat(SocketPath.fitting(deep))
        .isNotEqualTo(SocketPath.fitting(deep.resolveSibling("other.sock")));
  }

  private static NodeFile partner(Path folder) {
    InetSocketAddress address = InetSocketAddress.createUnresolved("127.0.0.1", 4440);
    return new NodeFile(
        NodeFile.Role.PARTNER,
        "p1",
        folder,
        folder.resolve("../../genesis").normalize(),
        folder.resolve("../../run_rules.toml").normalize(),
        Optional.of(folder.resolve("../../clock").normalize()),
        NodeFile.LogLevel.INFO,
        address,
        address,
        folder.resolve("api.sock"),
        new NodeFile.Offering(1L << 30, 7),
        Map.of(key(), "v1"));
  }

  private static List<Problem> problems(String text) {
    return ((NodeFile.Reading.Bad) NodeFile.read(bytes(text), FOLDER)).problems();
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static NodeId key() {
    return Ed25519.signer(Bytes.wrap(new byte[32]), Optional.empty()).id();
  }
}
