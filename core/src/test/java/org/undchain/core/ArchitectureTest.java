package org.undchain.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;

/**
 * The arrows between the packages of the core, and its purity: same input, same bytes, on every
 * node.
 */
final class ArchitectureTest {
  private static final String ROOT = "org.undchain.core.";

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.undchain.core");

  /** What every concept may use besides what {@link #ARROWS} names. */
  private static final Set<String> BASE =
      Set.of("value", "codec", "crypto", "message", "machine", "rules");

  private static final Set<String> ROLES = Set.of("validator", "partner", "client");

  /**
   * From a package to those it may use. A concept that is not named here may use any below the
   * roles.
   */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "value", Set.of(),
          "codec", Set.of("value"),
          "crypto", Set.of("value"),
          "message", Set.of("value", "codec", "crypto"),
          "machine", Set.of("value", "message"),
          "rules", Set.of("value"));

  private static final DescribedPredicate<JavaClass> GENERATED =
      DescribedPredicate.describe("generated from .proto files", ArchitectureTest::isGenerated);

  /** What of java.io never leaves the heap. */
  private static final String[] IN_MEMORY = {
    "IOException",
    "UncheckedIOException",
    "Serializable",
    "OutputStream",
    "InputStream",
    "ByteArrayOutputStream",
    "ByteArrayInputStream"
  };

  private static final JavaClasses HAND_WRITTEN = CORE.that(not(GENERATED));

  @Test
  void theImportSawTheClasses() {
    assertThat(HAND_WRITTEN.size()).isGreaterThan(40);
    assertThat(CORE.size()).isGreaterThan(HAND_WRITTEN.size() + 100);
  }

  @Test
  void noPackageUsesOneAboveIt() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : HAND_WRITTEN) {
      String source = packageOf(from).orElse("");
      from.getDirectDependenciesFromSelf().stream()
          .filter(use -> packageOf(use.getTargetClass()).isPresent())
          .filter(use -> !mayUse(source, packageOf(use.getTargetClass()).orElseThrow()))
          .forEach(use -> wrong.add(use.getDescription()));
    }
    assertThat(wrong).as("arrows of docs/ARCHITECTURE.md").isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.undchain.core.(*)..").should().beFreeOfCycles().check(HAND_WRITTEN);
  }

  @Test
  void theCoreUsesTheJdkAndProtobufOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "com.google.protobuf..",
                "org.jspecify.annotations..",
                "org.undchain.core.."))
        .check(HAND_WRITTEN);
  }

  @Test
  void theCoreHasNoClockNoChanceNoThreadAndNoWorldOutside() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.net..",
                    "java.time..",
                    "java.sql..",
                    "java.util.concurrent..",
                    "java.util.logging..")
                .or(inPackageBut("java.io", IN_MEMORY))
                .or(named(Thread.class, Runtime.class, Process.class))
                .or(named(java.util.Random.class, java.util.UUID.class, java.util.Timer.class)))
        .check(HAND_WRITTEN);
    noClasses() // a digest of each thread is empty between two hashes: nobody can tell
        .that(not(named(Hashes.class)))
        .should()
        .dependOnClassesThat(named(ThreadLocal.class))
        .check(HAND_WRITTEN);
    noClasses()
        .should()
        .callMethodWhere(
            calls(
                    System.class,
                    "currentTimeMillis",
                    "nanoTime",
                    "identityHashCode",
                    "getProperty",
                    "getenv")
                .or(calls(Math.class, "random")))
        .check(HAND_WRITTEN);
  }

  @Test
  void nothingDependsOnTheOrderOfAHash() {
    noClasses()
        .should()
        .dependOnClassesThat(
            named(
                java.util.HashMap.class,
                java.util.HashSet.class,
                java.util.IdentityHashMap.class,
                java.util.WeakHashMap.class,
                java.util.Hashtable.class))
        .check(HAND_WRITTEN);
    noClasses()
        .should()
        .callMethodWhere(
            calls(Set.class, "of", "copyOf")
                .or(calls(Map.class, "of", "ofEntries", "copyOf"))
                .or(
                    calls(
                        java.util.stream.Collectors.class,
                        "toSet",
                        "toUnmodifiableSet",
                        "toUnmodifiableMap",
                        "groupingBy"))
                .or(calls(java.util.Collection.class, "parallelStream")))
        .check(HAND_WRITTEN);
  }

  @Test
  void noStateIsSharedThroughStatics() {
    fields()
        .that()
        .areStatic()
        .should(
            new com.tngtech.archunit.lang.ArchCondition<JavaField>(
                "be final and no collection that grows") {
              @Override
              public void check(JavaField field, com.tngtech.archunit.lang.ConditionEvents events) {
                boolean mutable =
                    !field.getModifiers().contains(JavaModifier.FINAL)
                        || GROWING.contains(field.getRawType().getName());
                if (mutable) {
                  events.add(
                      com.tngtech.archunit.lang.SimpleConditionEvent.violated(
                          field, field.getDescription() + " is mutable static state"));
                }
              }
            })
        .check(HAND_WRITTEN);
  }

  private static final List<String> GROWING =
      List.of(
          "java.util.ArrayList",
          "java.util.ArrayDeque",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.BitSet",
          "java.lang.StringBuilder");

  @Test
  void cryptographyStaysInItsPackage() {
    noClasses()
        .that(not(resideInAnyPackage("org.undchain.core.crypto..")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.security..", "javax.crypto.."))
        .check(HAND_WRITTEN);
  }

  @Test
  void moneyAndScoresAreWholeNumbers() {
    fields()
        .should()
        .notHaveRawType(double.class)
        .andShould()
        .notHaveRawType(float.class)
        .check(HAND_WRITTEN);
  }

  private static boolean mayUse(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    Optional<Set<String>> named = Optional.ofNullable(ARROWS.get(from));
    if (named.isPresent()) {
      return named.get().contains(to);
    }
    return BASE.contains(to) || !ROLES.contains(to);
  }

  private static Optional<String> packageOf(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return Optional.empty();
    }
    String rest = name.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
  }

  private static boolean isGenerated(JavaClass type) {
    return List.of(
                "com.google.protobuf.GeneratedMessage",
                "com.google.protobuf.GeneratedMessage$Builder",
                "com.google.protobuf.MessageOrBuilder",
                "com.google.protobuf.ProtocolMessageEnum",
                "com.google.protobuf.Internal$EnumLite",
                "com.google.protobuf.GeneratedFile")
            .stream()
            .anyMatch(type::isAssignableTo)
        || type.getEnclosingClass().filter(ArchitectureTest::isGenerated).isPresent();
  }

  private static DescribedPredicate<JavaClass> named(Class<?>... types) {
    List<String> names = List.of(types).stream().map(Class::getName).toList();
    return DescribedPredicate.describe("one of " + names, type -> names.contains(type.getName()));
  }

  private static DescribedPredicate<JavaClass> inPackageBut(String packageName, String... allowed) {
    List<String> names = List.of(allowed);
    return DescribedPredicate.describe(
        "in " + packageName + " but " + names,
        type -> type.getPackageName().equals(packageName) && !names.contains(type.getSimpleName()));
  }

  private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall> calls(
      Class<?> owner, String... methods) {
    List<String> names = List.of(methods);
    return DescribedPredicate.describe(
        owner.getSimpleName() + " " + names,
        call -> {
          AccessTarget target = call.getTarget();
          return target.getOwner().isEquivalentTo(owner) && names.contains(target.getName());
        });
  }
}
