package org.undchain.utilities;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Utilities know the core alone: no node, no transport. */
final class ArchitectureTest {

  @Test
  void usesTheCoreAndNothingElseOfOurs() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax.crypto..",
                "com.sun.nio.file..", // direct writes of the JDK
                "com.google.protobuf..",
                "org.jspecify.annotations..",
                "org.undchain.core..",
                "org.undchain.utilities.."))
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.undchain.utilities"));
  }
}
