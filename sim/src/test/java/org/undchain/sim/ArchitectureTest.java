package org.undchain.sim;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The simulator knows the core alone: no node, no library. */
final class ArchitectureTest {

  @Test
  void usesTheCoreAndNothingElseOfOurs() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax.tools..", // the compiler of the planted bugs
                "com.google.protobuf..",
                "org.jspecify.annotations..",
                "org.undchain.core..",
                "org.undchain.sim.."))
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.undchain.sim"));
  }
}
