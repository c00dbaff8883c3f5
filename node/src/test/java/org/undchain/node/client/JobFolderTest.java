package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Envelope;

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
}
