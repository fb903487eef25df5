package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * How the packages may know one another, and that each rule would notice if they did otherwise: every one of them is broken by
 * the classes under {@code io.trafilo.testing.broken}, a wrong engine in small.
 */
class ArchitectureTest {
    private static final String REAL = "io.trafilo";
    private static final String BROKEN = "io.trafilo.testing.broken";

    private static JavaClasses real;
    private static JavaClasses broken;

    @BeforeAll
    static void importClasses() {
        real = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(REAL);
        broken = new ClassFileImporter().importPackages(BROKEN);
    }

    @TestFactory
    Stream<DynamicTest> shouldHold() {
        return rules(REAL).entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(real)));
    }

    @TestFactory
    Stream<DynamicTest> shouldFailWhenBroken() {
        return rules(BROKEN).entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> assertThat(
                                rule.getValue().evaluate(broken).hasViolation())
                        .as(rule.getKey())
                        .isTrue()));
    }

    /** Not only Unsafe itself, and not the collections. */
    @Test
    void shouldTellWhatNeedsJvmFlagsFromTheRestOfAgrona() {
        EvaluationResult result =
                rules(BROKEN).get(ArchitectureRules.AGRONA_RULE).evaluate(broken);
        assertThat(String.join("\n", result.getFailureReport().getDetails()))
                .contains("ManyToOneConcurrentArrayQueue", "UnsafeApi")
                .doesNotContain("Long2ObjectHashMap");
    }

    private static Map<String, ArchRule> rules(String root) {
        return new ArchitectureRules(root).all();
    }
}
