package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The file of an unfinished job comes back as it was written, or says what to do. */
class JobFolderTest {
  @TempDir Path folder;

  @Test
  void aJobComesBack() throws IOException {
    JobFolder.Job job =
        new JobFolder.Job(
            Envelope.newBuilder().setType(3).build(),
            Hashes.tagged("key").bytes(),
            2,
            3,
            100,
            Optional.empty(),
            Optional.empty());
    new JobFolder(folder).write(job);
    assertThat(new JobFolder(folder).read()).contains(job);
  }

  /** Half an escape of a letter is what broke it once; the file is read as properties are. */
  @ParameterizedTest
  @ValueSource(strings = {"", "request=", "key=\\u00", "\\uzzzz", "request=zz", "a=b\nneeded=x"})
  void aDamagedFileSaysWhatToDo(String text) throws IOException {
    Files.writeString(folder.resolve("job"), text);
    assertThatThrownBy(() -> new JobFolder(folder).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("delete the folder");
  }

  /** It would be another one when it is written again. */
  @ParameterizedTest
  @ValueSource(strings = {"und\\u00e4:abc", "und\u00e4:abc", "und abc", "und\\\\abc", ""})
  void anObjectIdWithWhatNoObjectIdHasIsDamage(String id) throws IOException {
    SortedMap<NodeId, Hash> holders = new TreeMap<>();
    holders.put(new NodeId(Hashes.tagged("ann").bytes()), Hashes.tagged("root"));
    Bytes key = Hashes.tagged("key").bytes();
    JobFolder.Job job =
        new JobFolder.Job(
                Envelope.getDefaultInstance(), key, 2, 3, 100, Optional.empty(), Optional.empty())
            .uploaded(new JobFolder.Upload("und:abc", 3, holders));
    new JobFolder(folder).write(job);
    assertThat(new JobFolder(folder).read()).contains(job);
    Path file = folder.resolve("job");
    Files.writeString(file, Files.readString(file).replace("und:abc", id));
    assertThatThrownBy(() -> new JobFolder(folder).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("delete the folder");
  }
}
