package org.undchain.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows inside the node: who asks a question must not pay for a network stack. */
final class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.undchain");

  @Test
  void readingCommandsReachNoNetworkStackByAnyPath() {
    noClasses()
        .that()
        .resideInAPackage("org.undchain.node.cli.read..")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "org.undchain.node.transport..")
        .allowEmptyShould(true)
        .check(ALL);
  }

  @Test
  void nothingDependsOnTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.undchain.node.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.undchain.node.cli..")
        .check(ALL);
  }
}
