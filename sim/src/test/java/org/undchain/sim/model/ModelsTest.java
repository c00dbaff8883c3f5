package org.undchain.sim.model;

import static org.assertj.core.api.Assertions.assertThat;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.alloy4.Err;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.ast.Module;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Alloy models of {@code sim/models}: every check comes out as it says there, those of the
 * rules without a counter-example and those that leave a rule away with one.
 */
@Tag("slow")
class ModelsTest {
  private static final Path FOLDER = Path.of("models");
  private static final int COUNTER_EXAMPLE = 1;

  /** A command of a model. */
  record Question(String model, Module module, Command command) {
    @Override
    public String toString() {
      return model + ": " + command;
    }
  }

  static List<Question> questions() throws Err {
    return Stream.of("quorums", "set-change", "receipts")
        .flatMap(model -> commands(model).stream())
        .toList();
  }

  private static List<Question> commands(String model) throws Err {
    Module module =
        CompUtil.parseEverything_fromFile(
            A4Reporter.NOP, null, FOLDER.resolve(model + ".als").toString());
    return module.getAllCommands().stream()
        .map(command -> new Question(model, module, command))
        .toList();
  }

  @ParameterizedTest
  @Tag("R7.9")
  @Tag("R7.11")
  @Tag("R10.2")
  @Tag("R10.9")
  @MethodSource("questions")
  void comesOutAsItSays(Question question) throws Err {
    boolean isFound =
        TranslateAlloyToKodkod.execute_command(
                A4Reporter.NOP,
                question.module().getAllReachableSigs(),
                question.command(),
                new A4Options())
            .satisfiable();
    assertThat(isFound).isEqualTo(question.command().expects == COUNTER_EXAMPLE);
  }

  /** No model is of rules alone: each has checks that must fail. */
  @ParameterizedTest
  @ValueSource(strings = {"quorums", "set-change", "receipts"})
  void everyModelHasItsControls(String model) throws Err {
    assertThat(commands(model))
        .anyMatch(question -> question.command().check && question.command().expects == 0)
        .anyMatch(
            question -> question.command().check && question.command().expects == COUNTER_EXAMPLE)
        .allMatch(question -> question.command().expects >= 0);
  }
}
